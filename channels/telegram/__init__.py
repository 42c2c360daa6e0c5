"""Telegram's Bot API."""
from channels.telegram.channel import LIMITS, Telegram

__all__ = ["LIMITS", "Telegram"]
