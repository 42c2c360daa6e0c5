"""Twilio, for text messages and for WhatsApp by way of it."""
from channels.twilio.channel import LIMITS, Twilio

__all__ = ["LIMITS", "Twilio"]
