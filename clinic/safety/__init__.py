"""Danger first: every message is read for red flags before anything else happens to it."""

from clinic.safety.reader import Screen
from clinic.safety.reading import Level, Reading, SignFound
from clinic.safety.rules import SafetyRulesError

__all__ = ["Level", "Reading", "SafetyRulesError", "Screen", "SignFound"]
