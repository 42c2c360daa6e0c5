"""The weekly mail to whoever runs the clinic: last week's true numbers in words, and what waits for an answer."""
import asyncio
import logging
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from clinic.clock import Clock
from clinic.figures.enquiry import UNTAGGED
from clinic.figures.week import ALL, Week
from clinic.figures.weekly import Question, Report, in_words
from clinic.library import Library
from clinic.post import Mailbox, Undeliverable
from clinic.store.gaps import UNKNOWN
from clinic.store.grouping import GapVectors, Group, grouped
from clinic.store.jobs import Jobs
from clinic.store.replies import stamp_of
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.weekly")
WEEK = timedelta(days=7)
AT = time(7)
"""When on a Monday, at the clinic, the week before is reported."""
TOLD = "weekly"
"""Its name among what was told, and when."""
TOP = 5
"""Questions that it names."""
REPLY = ("You can reply to this mail with the answer to the first of them. It is kept as a draft at the desk, and you "
         "get a link to confirm it.")


class Weekly:
    def __init__(self, store: Store, library: Library, jobs: Jobs, mailbox: Mailbox, clock: Clock,
                 public_url: str, to: tuple[str, ...], reply_to: str | None = None) -> None:
        self._store, self._library, self._jobs, self._mailbox = store, library, jobs, mailbox
        self._clock, self._desk, self.to = clock, f"{public_url}/desk", to
        self.reply_to = reply_to
        self._looked: date | None = None
        """The Monday from which on this process has nothing to look at before the next."""

    async def send_due(self) -> bool:
        """Queue the mail about last week once its time has come: once, whichever process does it, and however late."""
        if not self.to:
            return False
        zone, now = self._library.current.content.clinic.zone, self._clock()
        local = now.astimezone(zone)
        monday = local.date() - timedelta(days=local.weekday())
        if local < datetime.combine(monday, AT, zone):
            monday -= WEEK
        before = datetime.combine(monday, AT, zone) - timedelta(microseconds=1)
        if self._looked == monday:
            return False
        async with self._store.begin() as unit:
            first = await unit.figures.first(zone)
            due = (first is not None and first < monday  # else nobody wrote before this week
                   and await unit.warnings.due(TOLD, before, now))
            if due:
                await self._jobs.enqueue(unit, TOLD, queue="notices", week=(monday - WEEK).isoformat())
        self._looked = monday
        return due

    async def run(self, week: str) -> None:
        """Send the mail about the week of that Monday. Raises where it did not get there, and may yet."""
        mail = await self.mail(date.fromisoformat(week))
        try:
            await self._mailbox.post(mail)
        except Undeliverable as error:
            log.warning("the weekly mail can't be delivered: %s. Look at WEEKLY_TO.", error)

    async def mail(self, monday: date) -> EmailMessage:
        """The mail about the week of *monday*, as of now."""
        report, clinic, sender = await self.report(monday), self._library.current.content.clinic, self._mailbox.sender
        stamp = await self._stamp(report)
        mail = EmailMessage()
        mail["From"], mail["To"] = formataddr((clinic.name, sender)), ", ".join(self.to)
        mail["Subject"] = f"{clinic.name}: your assistant from {report.days}"
        mail["Date"] = format_datetime(self._clock())
        name = ".".join(filter(None, [monday.isoformat(), TOLD, stamp]))
        mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"  # the same again is the same mail
        mail["Auto-Submitted"] = "auto-generated"
        if stamp:
            mail["Reply-To"] = self.reply_to
        mail.set_content(in_words(report, self._desk, f"{REPLY} ({stamp})" if stamp else ""))
        return mail

    async def _stamp(self, report: Report) -> str:
        """What a reply about the first question carries; empty where nobody reads replies."""
        if not self.reply_to or not report.questions:
            return ""
        async with self._store.begin() as unit:
            return await stamp_of(unit, report.questions[0].gap)

    async def report(self, monday: date) -> Report:
        """What there is to say of the week of *monday*."""
        content, now = self._library.current.content, self._clock()
        async with self._store.begin() as unit:
            first = await unit.figures.first(content.clinic.zone)
            weeks = await unit.figures.count(monday, content.clinic.zone, now)
            there = first is not None and first < monday
            before = (await unit.figures.count(monday - WEEK, content.clinic.zone, now))[ALL, ALL] if there else None
            gaps = await unit.gaps.open()
        groups = await asyncio.to_thread(grouped, gaps, content, GapVectors(self._library.encode))
        channels = {place: week.enquiries for (place, tag), week in weeks.items() if tag == ALL and place != ALL}
        untagged = weeks.get((ALL, UNTAGGED), Week()) if len(weeks) > len(channels) + 1 else weeks[ALL, ALL]
        return Report(monday, weeks[ALL, ALL], before, channels, weeks[ALL, ALL].enquiries - untagged.enquiries,
                      [self._question(group) for group in groups[:TOP]])

    def _question(self, group: Group) -> Question:
        """*group* in words of the clinic's: what a visitor wrote stays at the desk."""
        need, labels = group.gaps[0].need, self._library.current.content.words.choices
        about = "something that was not understood" if need == UNKNOWN else f"about “{labels.get(f'ask_{need}', need)}”"
        gap = group.gaps[0].id
        return Question(gap, group.question if group.faq else "", about, len(group.gaps),
                        f"{self._desk}/gaps/answer/{gap}")
