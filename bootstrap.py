"""Wires the house. The only module that sees every room; nothing connects before something here is called."""
import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.encoder import Encoder, encoder_at
from channels import rooms
from channels.app import make_app
from channels.flowing import Flowing
from channels.inbox import Inbox
from channels.messengers import Messengers
from channels.outbox import QUEUE as SENDS
from channels.outbox import Outbox
from channels.rehearsal import Rehearsal
from channels.staff_chat import StaffChat
from channels.takeover import Takeover
from channels.turn import Turns
from channels.website.calendars import Calendars
from channels.website.check import CheckRoom
from channels.website.pages import Pages
from channels.website.privacy import Privacy
from channels.website.talk import Talk
from clinic.booking.tidings import Tidings
from clinic.clock import Clock, utc_now
from clinic.conversation import Waiting
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.post import Mailbox, NoMailbox, Notice, Post, mailbox_of, post_of
from clinic.presence import Presence
from clinic.safety.reader import Screen
from clinic.safety.signature import Signature, Standing, standing
from clinic.settings import Settings
from clinic.store.counting import Counting
from clinic.store.embedded import database
from clinic.store.forgetting import Forgetting
from clinic.store.jobs import Jobs
from clinic.store.mailing import Mailing
from clinic.store.notices import QueuedNotices
from clinic.store.offer_mail import OfferMail
from clinic.store.offering import Offering
from clinic.store.publishing import Publishing
from clinic.store.rounds import Rounds
from clinic.store.schema import migrate
from clinic.store.sync import Sync
from clinic.store.telling import Telling
from clinic.store.unit import Store
from clinic.store.unread import Unread
from clinic.store.watch import Watch
from clinic.store.weekly import Weekly
from clinic.visit import Visit, without_a_turn
from desk.console.console import Parts, console_routes
from desk.console.room import Room
from desk.editing import Editing

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.agent import Agent

log = logging.getLogger("frontdesk")
SENT_AT_ONCE = 8
"""Conversations that a process sends to at the same time."""
TELLS = "notices"
"""The queue of mail, and of what people write: a mail server that hangs keeps no visitor waiting for an answer."""
TOLD_AT_ONCE = 4
MIND_EVERY = 15.0
"""Seconds between looks at the conversations that people have."""
AGAIN = 0.5
"""Seconds before something that must always run is begun again."""
RASA = UUID("6f1c3a52-7c1e-4f0a-9d0b-0d7b9c1f2ae4")
"""Names of Rasa's senders become conversations under this."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything, wired."""

    settings: Settings
    store: Store
    jobs: Jobs
    library: Library
    handoff: Handoff
    inbox: Inbox
    watch: Watch
    publishing: Publishing
    screen: Screen
    clock: Clock
    messengers: Messengers
    tidings: Tidings
    rounds: Rounds
    takeover: Takeover
    flowing: Flowing
    agent: "Agent | None"

    def standing(self) -> Standing:
        """Whether somebody entitled to has signed the safety rules as they stand, for what this clinic does."""
        clinic = self.library.current.content.clinic
        return standing(self.screen.rules, Signature.read(self.settings.content), clinic.scope,
                        self.clock().astimezone(clinic.zone).date())


@asynccontextmanager
async def open_house(settings: Settings, *, agent: "Agent | None" = None, clock: Clock = utc_now,
                     post: Post | None = None, mailbox: Mailbox | None = None,
                     serving: bool = False) -> AsyncIterator[House]:
    """Database, migrations, content, queue: ready to serve. With *agent*, turns can be worked on as well.
    *serving*: what its folder says becomes live also where a server runs.

    Raises ClinicError where a part can't be had; the text says which."""
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(database(settings.database_url, settings.home))
        await asyncio.to_thread(migrate, dsn)
        house = _wire(settings, dsn, agent, clock, post or post_of(settings),
                      mailbox or mailbox_of(settings))
        stack.push_async_callback(house.store.close)
        stack.push_async_callback(house.messengers.courier.close)
        await house.jobs.open()
        stack.push_async_callback(house.jobs.close)
        await (house.publishing.publish() if serving else house.publishing.publish_unless_served())
        await house.publishing.take_up()
        async with house.store.begin() as unit:
            await unit.presences.take_up(house.handoff.presence, clock())
        yield house


def _wire(settings: Settings, dsn: str, agent: "Agent | None", clock: Clock, post: Post,
          mailbox: Mailbox) -> House:
    encoder: Encoder = encoder_at(settings.encoder)
    store, library = Store(dsn), Library(encoder)

    async def notify(about: str, key: str) -> None:
        await post.send(Notice(about, key))

    def unsigned() -> bool:
        return not house.standing().signed

    async def take_up_presence() -> None:
        async with store.begin() as unit:
            await unit.presences.take_up(presence, clock())

    jobs = Jobs(dsn)
    notices, presence = QueuedNotices(jobs, in_chat=settings.has_staff_chat), Presence()
    handoff, screen = Handoff(library, notices, presence), Screen.load(settings.content)
    outbox = Outbox(rooms.LIMITS, jobs, library, clock, public_url=settings.public_url, unsigned=unsigned)
    tidings = Tidings(lambda: library.current.content, notices, outbox, settings.public_url,
                      mails=not isinstance(mailbox, NoMailbox))
    sync = Sync(store, library, tidings, handoff, clock, settings.login_of)
    offering = Offering(store, library, tidings, handoff, clock)
    mailing = Mailing(store, library, tidings, mailbox, handoff, clock)
    inbox = Inbox(store, jobs, screen, handoff, clock, outbox)
    turns = Turns(store, jobs, agent, library, screen, handoff, tidings, clock, outbox) if agent else None
    publishing = Publishing(store, library, settings.content, encoder.fingerprint, clock)
    takeover = Takeover(store, jobs, outbox, handoff, clock, timedelta(minutes=settings.handback_minutes))
    messengers = Messengers.open(settings, store, jobs, outbox, inbox, library, handoff, clock,
                                 StaffChat(jobs, takeover, clock))
    forgetting = Forgetting(store, library, handoff, clock)
    weekly = Weekly(store, library, jobs, mailbox, clock, settings.public_url, settings.weekly_to,
                    settings.weekly_reply_to)
    house = House(settings, store, jobs, library, handoff, inbox, Watch(dsn, publishing.take_up, take_up_presence),
                  publishing, screen, clock, messengers, tidings,
                  Rounds(store, library, tidings, clock, sync, offering, forgetting,
                         Telling(store, library, outbox, clock), Counting(store, library, clock), weekly),
                  takeover, Flowing(store, post, clock, timedelta(minutes=settings.alert_minutes)), agent)
    jobs.take({"turn": turns.run if turns else _nobody_answers,
               "turn_later": turns.settled if turns else _nobody_answers, "notify": notify, "mail": mailing.run,
               "tell_staff": messengers.staff_telling.tell, "answer_staff": messengers.staff_telling.answer,
               "send": messengers.sending.run, "send_later": messengers.sending.wake, "say": takeover.say,
               "weekly": weekly.run, "mail_offer": OfferMail(store, library, mailbox, clock, settings.public_url).run,
               "unread": Unread(store, library, mailbox, clock, settings.public_url).run})
    return house


async def _nobody_answers(conversation: str, n: int = 0) -> None:
    raise AssertionError("this process was opened without an assistant")


def load_agent(settings: Settings) -> "Agent":
    """The trained assistant. Rasa is imported here and not above: it takes two seconds that few commands need.

    Raises NotReady where nothing was trained."""
    from bot import slim

    encoder_at(settings.encoder)  # first: its absence is plainer here than out of Rasa's graph
    slim.install(serving=settings.model)
    from bot.agent import Agent

    agent = Agent.load(settings.model)
    gc.collect()
    gc.freeze()  # it lives as long as the process: no collection need walk over it again
    return agent


@asynccontextmanager
async def visit_of_its_own(house: House, sender: str) -> AsyncIterator[Visit]:
    """For an action that Rasa runs without a turn of ours, committed at the end: a conversation on channel `rasa`, the
    same for all that *sender* says, so that what was raised in it stays raised."""
    async with house.store.begin() as unit:
        key, now = uuid5(RASA, sender), house.clock()
        await unit.conversations.open_once(key, "rasa", now)
        locked = await unit.conversations.lock(key)
        waiting = Waiting(key, "rasa", locked.last_n, "", None, False, locked.level, False, None)
        yield Visit(unit, waiting, house.library.current, house.library, house.screen, house.handoff,
                    house.tidings, now)


def door_of(house: House) -> "ASGIApp":
    """The public door over *house*."""
    unsigned = not house.standing().signed
    talk = Talk(house.store, house.inbox, house.watch, house.library, house.messengers.continuing, house.clock,
                public_url=house.settings.public_url, unsigned=unsigned)
    pages, calendars = Pages(house.library, unsigned), Calendars(house.store, house.library, house.clock)

    check = CheckRoom(house.store, house.library, house.screen, house.handoff, house.inbox, pages, house.clock)

    async def ready() -> str | None:
        if house.library.version is None:
            return "No content is published."
        if not await house.store.answers():
            return "The database does not answer."
        if not house.jobs.working("turns"):
            return "Messages are taken, and answered as soon as the worker is back."
        return None

    routes = [*talk.routes(), *house.messengers.door.routes(), *calendars.routes(), *check.routes(), *pages.routes(),
              *Privacy(pages, house.store, house.library, house.clock).routes(), *_console(house)]
    return make_app(routes, ready, public_url=house.settings.public_url, origins=house.settings.allowed_origins)


def _console(house: House) -> "list[BaseRoute]":
    """The staff's door."""
    rehearsal = Rehearsal(house.store, house.agent, house.library, house.screen, house.handoff, house.tidings,
                          house.clock) if house.agent else None
    room = Room(house.store, house.library, house.clock, house.settings.public_url,
                staff_chat=house.settings.has_staff_chat)
    editing = Editing(house.store, house.publishing, house.settings.content, house.library, house.clock)
    return console_routes(room, Parts(house.watch, house.takeover, rehearsal, house.screen, rooms.LIMITS, editing,
                                      house.tidings))


async def _always(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do *work* until cancelled, again whenever it fails: a database that restarts is back in a moment."""
    while True:
        try:
            await work()
            log.warning("%s ended by itself; beginning again", what)
        except Exception as error:  # whatever ended it, nobody would be answered without it
            log.warning("%s failed (%s); beginning again", what, type(error).__name__)
        await asyncio.sleep(AGAIN)


@asynccontextmanager
async def working(house: House, queues: tuple[str, ...], concurrency: int = 4) -> AsyncIterator[None]:
    """While open, this process answers: it takes jobs, hears of commits and of new content, and sends what is to be
    sent, apart from all else: a provider that hangs keeps nobody waiting for an answer."""
    answering = tuple(queue for queue in queues if queue != TELLS)
    tasks = [asyncio.create_task(_always("answering", lambda: house.jobs.work(answering, concurrency))),
             asyncio.create_task(_always("listening", house.watch.run))]
    if TELLS in queues:
        tasks.append(asyncio.create_task(_always("telling", lambda: house.jobs.work((TELLS,), TOLD_AT_ONCE))))
    if house.messengers.channels and "turns" in queues:
        tasks.append(asyncio.create_task(_always("sending", lambda: house.jobs.work((SENDS,), SENT_AT_ONCE))))
    if TELLS in queues:
        tasks.append(asyncio.create_task(_always("the rounds", house.rounds.walk)))
    async with _while_running(tasks):
        yield


@asynccontextmanager
async def fetching(house: House) -> AsyncIterator[None]:
    """While open, this process hears of what providers don't bring by themselves; one process does."""
    async with _while_running([asyncio.create_task(_always("fetching messages", work))
                               for work in house.messengers.fetching()]):
        yield


@asynccontextmanager
async def minding(house: House) -> AsyncIterator[None]:
    """While open, this process gives back what people have left, and warns of tokens that end; one process does."""
    async def mind() -> None:
        while True:
            await house.takeover.return_quiet()
            await asyncio.sleep(MIND_EVERY)

    tasks = [asyncio.create_task(_always("minding", mind))]
    if house.messengers.channels:
        tasks.append(asyncio.create_task(_always("looking at tokens", house.messengers.expiring.watch)))
    async with _while_running(tasks):
        yield


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[None]:
    """While open, this process tells the clinic if replies stop; every process does."""
    async with _while_running([asyncio.create_task(_always("watching replies", house.flowing.watch))]):
        yield


@asynccontextmanager
async def _while_running(tasks: "list[asyncio.Task[None]]") -> AsyncIterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def rasa() -> None:
    """The `rasa` command: as Rasa's users know it; its actions open the house when the first one runs."""
    from bot.rasa_command import main

    opened: list[tuple[AsyncExitStack, House]] = []

    @asynccontextmanager
    async def visit(sender: str) -> AsyncIterator[Visit]:
        if not opened:
            stack = AsyncExitStack()
            opened.append((stack, await stack.enter_async_context(open_house(Settings.read()))))
        async with visit_of_its_own(opened[0][1], sender) as own:
            yield own

    without_a_turn(visit)
    main()
