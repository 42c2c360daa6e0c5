"""Meta's WhatsApp Cloud API."""
from channels.whatsapp.channel import LIMITS, Whatsapp

__all__ = ["LIMITS", "Whatsapp"]
