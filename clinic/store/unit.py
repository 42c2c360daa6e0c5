"""The store and its unit of work: everything between begin and commit happens, or nothing does."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from clinic.store.audit import Audit
from clinic.store.book import Book
from clinic.store.calendar_copies import CalendarCopies
from clinic.store.cases import Cases
from clinic.store.contents import Contents
from clinic.store.continuations import Continuations
from clinic.store.conversations import Conversations
from clinic.store.correspondents import Correspondents
from clinic.store.data_requests import DataRequests
from clinic.store.deliveries import Deliveries
from clinic.store.dsn import sqlalchemy_url
from clinic.store.erasing import Erasing
from clinic.store.exporting import Exporting
from clinic.store.feeds import Feeds
from clinic.store.figures import Figures
from clinic.store.firings import Firings
from clinic.store.flow import Flow
from clinic.store.gaps import Gaps
from clinic.store.ledger import Ledger
from clinic.store.lookups import Lookups
from clinic.store.messages import Messages
from clinic.store.outgoing import Outgoing
from clinic.store.presences import Presences
from clinic.store.proposals import Proposals
from clinic.store.reminders import Reminders
from clinic.store.requests import Requests
from clinic.store.screenings import Screenings
from clinic.store.secrets import Secrets
from clinic.store.staff import Staff
from clinic.store.staff_chat import StaffChat
from clinic.store.subjects import Subjects
from clinic.store.sweeping import Sweeping
from clinic.store.tallies import Tallies
from clinic.store.threads import Threads
from clinic.store.waiting_list import WaitingList
from clinic.store.warnings import Warnings


class Unit:
    """One transaction, and the repositories that write in it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.connection)

    @cached_property
    def continuations(self) -> Continuations:
        return Continuations(self.connection)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.connection)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.connection)

    @cached_property
    def book(self) -> Book:
        return Book(self.connection)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.connection)

    @cached_property
    def secrets(self) -> Secrets:
        return Secrets(self.connection)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.connection)

    @cached_property
    def calendar_copies(self) -> CalendarCopies:
        return CalendarCopies(self.connection)

    @cached_property
    def feeds(self) -> Feeds:
        return Feeds(self.connection)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection)

    @cached_property
    def firings(self) -> Firings:
        return Firings(self.connection)

    @cached_property
    def contents(self) -> Contents:
        return Contents(self.connection)

    @cached_property
    def correspondents(self) -> Correspondents:
        return Correspondents(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.connection)

    @cached_property
    def flow(self) -> Flow:
        return Flow(self.connection)

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.connection)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.connection)

    @cached_property
    def outgoing(self) -> Outgoing:
        return Outgoing(self.connection)

    @cached_property
    def screenings(self) -> Screenings:
        return Screenings(self.connection)

    @cached_property
    def staff(self) -> Staff:
        return Staff(self.connection)

    @cached_property
    def staff_chat(self) -> StaffChat:
        return StaffChat(self.connection)

    @cached_property
    def threads(self) -> Threads:
        return Threads(self.connection)

    @cached_property
    def waiting_list(self) -> WaitingList:
        return WaitingList(self.connection)

    @cached_property
    def presences(self) -> Presences:
        return Presences(self.connection)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection)

    @cached_property
    def data_requests(self) -> DataRequests:
        return DataRequests(self.connection)

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(self.connection)

    @cached_property
    def exporting(self) -> Exporting:
        return Exporting(self.connection)

    @cached_property
    def erasing(self) -> Erasing:
        return Erasing(self.connection)

    @cached_property
    def sweeping(self) -> Sweeping:
        return Sweeping(self.connection)

    @cached_property
    def warnings(self) -> Warnings:
        return Warnings(self.connection)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.connection)

    async def driver(self) -> psycopg.AsyncConnection:
        """psycopg's own connection, for a library that joins this transaction."""
        raw = await self.connection.get_raw_connection()
        driver = raw.driver_connection
        assert isinstance(driver, psycopg.AsyncConnection)
        return driver


class Store:
    """Connections to one database. Nothing connects before the first `begin()`."""

    def __init__(self, dsn: str, connections: int = 12) -> None:
        self.dsn = dsn
        self._engine = create_async_engine(sqlalchemy_url(dsn), pool_size=connections, max_overflow=0,
                                           pool_timeout=20, hide_parameters=True)
        self._looks = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        async with self._engine.begin() as connection:
            yield Unit(connection)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Unit]:
        """For reading alone, where no statement need see the same as another: with no transaction around it, one trip
        to the database and not three."""
        async with self._looks.connect() as connection:
            yield Unit(connection)

    async def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            async with self.look() as unit:
                await unit.connection.execute(text("select 1"))
        except (SQLAlchemyError, psycopg.Error, OSError):
            return False
        return True

    async def close(self) -> None:
        await self._engine.dispose()
