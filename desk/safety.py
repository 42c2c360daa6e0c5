"""`frontdesk safety ...`: why a message reads as it does, the pack to sign, who waits for a person, what fired."""
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from clinic.clock import utc_now
from clinic.conversation import LEVELS
from clinic.errors import ClinicError, ConversationUnknown
from clinic.knowledge.content import load
from clinic.knowledge.practice import ClinicFacts
from clinic.safety.guard import Guard
from clinic.safety.pack import pack
from clinic.safety.reader import Screen
from clinic.safety.reading import SignFound
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, SignatureUnusable, parts_of, standing
from clinic.settings import Settings
from desk.listing import NothingThere, a_time, book, console_for, table
from desk.releasing import NothingRaised, release_level

TAKEN_BACK = {"denied": "denied", "asked": "only asked about", "over": "long over, or looked into",
              "unlikely": "in words that mean something else here"}


async def explain(settings: Settings, text: str, earlier: list[str]) -> None:
    """Print which rules *text* meets, on which words, what was taken back, and what would be said."""
    screen = Screen.load(settings.content)
    rules, reading, why = screen.rules, screen.read(text, earlier), screen.explain(text, earlier)
    console = console_for()
    console.print(f"Level: {reading.level}" + (" (asked in general about warning signs)" if reading.general else ""))
    for rule, signs in why.met:
        console.print(f"\n{rule.id}, {rule.level}, version {rule.version}, from {' '.join(rule.sources)}")
        for name in signs:
            console.print(f"  {rules.signs[name].plain}: {_words(text, why.found[name])}")
    alone = [name for name in why.found if not any(name in signs for _, signs in why.met)]
    if alone:
        console.print("\nHeard, and by itself enough for no rule:")
        for name in alone:
            console.print(f"  {rules.signs[name].plain}: {_words(text, why.found[name])}")
    if why.taken_back:
        console.print("\nSaid, and not counted:")
        for sign, reason in why.taken_back:
            console.print(f"  {rules.signs[sign.name].plain}: {_words(text, sign)}, {TAKEN_BACK[reason]}")
    if said := screen.advice(reading, None):
        console.print(f"\nWhat would be said:\n{said}")
    elif reading.met:
        console.print(f"\nWhat would be said before the answer:\n{Guard(rules).asking(reading.rules)}")


def _words(text: str, sign: SignFound) -> str:
    return "in an earlier message" if sign.start < 0 else repr(text[sign.start:sign.end])


async def review(settings: Settings, everything: bool) -> None:
    """Print what a clinician reads before signing: all of it, or what changed since somebody signed."""
    rules, clinic = SafetyRules.load(settings.content), _clinic(settings)
    signature = Signature.read(settings.content)
    now = standing(rules, signature, clinic.scope, _today(clinic))
    only = None if everything or signature is None or not now.changed else set(now.changed)
    print(pack(rules, clinic.name, clinic.scope, now, only))


async def sign(settings: Settings, by: str, profession: str, registration: str, until: date | None) -> None:
    """Keep that *by* has read and signed the rules as they stand. Raises SignatureUnusable."""
    rules, clinic = SafetyRules.load(settings.content), _clinic(settings)
    today = _today(clinic)
    until = until or today.replace(year=today.year + 1, day=min(today.day, 28))
    if profession not in rules.signing:
        raise SignatureUnusable(f"'{profession}' is not a profession that can sign; these are: "
                                f"{', '.join(rules.signing)}. A therapist who is on none of their registers asks "
                                "somebody who is.")
    if not by.strip() or sum(character.isdigit() for character in registration) < 4:
        raise SignatureUnusable("Give the signer's name, and their registration number with the "
                                f"{rules.signing[profession]}.")
    if not today < until <= today + timedelta(days=366):
        raise SignatureUnusable(f"The next review is due within twelve months, after today: {until} is not.")
    path = Signature(by.strip(), profession, f"{rules.signing[profession]} {registration.strip()}", today, until,
                     clinic.scope, parts_of(rules)).write(settings.content)
    print(f"{standing(rules, Signature.read(settings.content), clinic.scope, today).why}\nKept in {path}. A running "
          "server takes it up when it starts again.")


async def alerts(settings: Settings) -> None:
    """Print the conversations in which a red flag was raised and that nobody has released, the latest first."""
    async with book(settings) as unit:
        raised = await unit.firings.raised()
    if not raised:
        print("No red flag waits for a person.")
        return
    listed = table("Red flags that nobody has looked at (`frontdesk requests --read` shows the conversation, "
                   "`frontdesk safety release` lets it go on)", "Conversation", "Channel", "Level", "Rule", "Last")
    for conversation, channel, level, rule, at in raised:
        listed.add_row(str(conversation), channel, level, rule or "", a_time(at))
    console_for().print(listed)


async def release(settings: Settings, conversation: UUID, by: str) -> None:
    """A person has dealt with what raised *conversation*: bookings are possible again. Raises NothingThere."""
    if not by.strip():
        raise ClinicError("Say who releases it: --by NAME.")
    async with book(settings) as unit:
        try:
            await release_level(unit, conversation, by.strip(), utc_now())
        except (NothingRaised, ConversationUnknown) as error:
            raise NothingThere(f"No red flag waits in conversation {conversation}.") from error
    print(f"{conversation}: released by {by.strip()}. What was said until now raises nothing any more.")


async def report(settings: Settings, days: int) -> None:
    """Print how often each rule fired in the last *days*, and at which level by day."""
    clinic = _clinic(settings)
    async with book(settings) as unit:
        counts = await unit.firings.counts(utc_now() - timedelta(days=days), clinic.zone.key)
    if not counts:
        print(f"No rule has fired in the last {days} days.")
        return
    levels = [level for level in reversed(LEVELS) if level != "none"]
    per_day, per_rule = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for day, _, level, rule, times in counts:
        per_day[day, level] += times
        per_rule[rule, level] += times
    by_day = table(f"Rules that fired in the last {days} days, by day", "Day", *levels)
    for day in sorted({day for day, _ in per_day}):
        by_day.add_row(day, *(str(per_day[day, level]) for level in levels))
    by_rule = table("By rule", "Rule", "Level", "Times")
    for (rule, level), times in sorted(per_rule.items(), key=lambda one: (-one[1], one[0])):
        by_rule.add_row(rule, level, str(times))
    console = console_for()
    console.print(by_day)
    console.print(by_rule)


def _clinic(settings: Settings) -> ClinicFacts:
    return load(settings.content).clinic


def _today(clinic: ClinicFacts) -> date:
    return utc_now().astimezone(clinic.zone).date()
