"""The channels of others that are set up, and what carries messages between them and us."""
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from channels import rooms
from channels.continuing import Continuing
from channels.contract import Channel
from channels.courier import Courier
from channels.door import Door
from channels.expiring import Expiring
from channels.inbox import Inbox
from channels.outbox import Outbox
from channels.reception import Reception
from channels.seeing import Seeing
from channels.sending import Sending
from channels.staff_chat import StaffChat
from channels.staff_telling import StaffTelling
from channels.telegram import Telegram
from channels.telegram.polling import Polling
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.settings import Settings
from clinic.store.jobs import Jobs
from clinic.store.unit import Store


@dataclass(frozen=True, slots=True)
class Messengers:
    """All that one process needs of them."""

    channels: dict[str, Channel]
    courier: Courier
    seeing: Seeing
    outbox: Outbox
    reception: Reception
    sending: Sending
    continuing: Continuing
    expiring: Expiring
    staff_telling: StaffTelling
    public_url: str

    @classmethod
    def open(cls, settings: Settings, store: Store, jobs: Jobs, outbox: Outbox, inbox: Inbox, library: Library,
             handoff: Handoff, clock: Clock, staff_chat: StaffChat) -> "Messengers":
        """Those that *settings* hold. Nothing connects yet."""
        channels, courier = rooms.set_up(settings), Courier()
        continuing = Continuing(channels, jobs, library, handoff, clock)
        telegram = channels.get("telegram")
        telling = StaffTelling(store, telegram if isinstance(telegram, Telegram) else None, courier, outbox, clock,
                               settings.public_url)
        return cls(channels, courier, Seeing(courier), outbox,
                   Reception(store, inbox, outbox, handoff, clock, continuing, staff_chat),
                   Sending(store, jobs, channels, courier, handoff, clock, staff_chat), continuing,
                   Expiring(store, channels, courier, handoff, clock), telling, settings.public_url)

    @property
    def door(self) -> Door:
        return Door(self.channels, self.reception, self.seeing)

    def fetching(self) -> list[Callable[[], Awaitable[None]]]:
        """What has to run, in one process, to hear what providers don't bring by themselves."""
        telegram = self.channels.get("telegram")
        if not isinstance(telegram, Telegram):
            return []
        brought = f"{self.public_url}/webhooks/telegram" if self.public_url.startswith("https:") else None
        return [Polling(telegram, self.reception, self.courier, self.seeing, brought).run]
