"""The channels there are. A new one is a folder beside this file, and its lines here (docs/channels.md)."""
from channels import telegram, twilio, whatsapp
from channels.contract import Channel, Limits
from channels.telegram import Telegram
from channels.twilio import Twilio
from channels.whatsapp import Whatsapp
from clinic.settings import Settings

LIMITS: dict[str, Limits] = {"telegram": telegram.LIMITS, "whatsapp": whatsapp.LIMITS, "twilio": twilio.LIMITS}
"""Of all channels that we write to, set up or not: what is said on one that was taken away is shown to staff."""


def set_up(settings: Settings) -> dict[str, Channel]:
    """Those that *settings* hold all of, by name."""
    found: list[Channel] = []
    if settings.telegram:
        found.append(Telegram(settings.telegram))
    if settings.whatsapp:
        found.append(Whatsapp(settings.whatsapp))
    if settings.twilio:
        found.append(Twilio(settings.twilio, settings.public_url))
    return {channel.name: channel for channel in found}
