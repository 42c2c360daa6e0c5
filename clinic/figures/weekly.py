"""A week's figures in plain words, for whoever runs the clinic. Nothing that a visitor wrote is in them."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinic.figures.week import Spread, Week

FATES = {
    "deflected": ("was answered or booked, and needed nobody", "were answered or booked, and needed nobody"),
    "too_fresh": ("was answered or booked; whether it needs somebody after all shows within seven days",
                  "were answered or booked; whether they need somebody after all shows within seven days"),
    "person": ("was put before a person", "were put before a person"),
    "safety": ("was told to get help", "were told to get help"),
    "unanswered": ("asked what nobody has answered yet, or was not understood",
                   "asked what nobody has answered yet, or were not understood"),
    "dead_end": ("ended without an answer", "ended without an answer"),
    "small_talk": ("was a greeting and no more", "were greetings and no more")}
STEPS = {"asked": "asked something", "answered": "answered", "screened": "shown the check", "offered": "offered times",
         "booked": "booked", "kept": "came so far"}


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for an answer, by the number of one `gap` of it: in the clinic's own words, or what it is `about`
    where only visitors have words for it."""

    gap: int
    asked: str
    about: str
    times: int
    link: str


@dataclass(frozen=True, slots=True)
class Report:
    """`before`: the week before, as far as can be said by now; None where there was none. `channels`: how many
    enquiries came from each. `tagged`: how many by a link with a tag; which it was, visitors can make up."""

    monday: date
    week: Week
    before: Week | None
    channels: Mapping[str, int]
    tagged: int
    questions: Sequence[Question]

    @property
    def days(self) -> str:
        """The week, as `16 to 22 November`."""
        last = self.monday + timedelta(days=6)
        month = "" if last.month == self.monday.month else f" {self.monday:%B}"
        return f"{self.monday.day}{month} to {last.day} {last:%B}"


def in_words(report: Report, desk: str, reply: str = "") -> str:
    """*report* as the text of a mail. *desk*: the console's address. *reply*: what to say of a reply, if there can be
    one."""
    parts = [_how_many(report), _fates(report.week), _before(report.before), _way(report.week), _times(report.week),
             _came(report), _questions(report.questions, desk, reply),
             f"All numbers, and the conversations behind each: {desk}/numbers"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _how_many(report: Report) -> str:
    said = f"From {report.days} there {_were(report.week.enquiries)}"
    if report.before is None:
        return f"{said}."
    more = report.week.enquiries - report.before.enquiries
    than = "as many as" if not more else f"{abs(more)} {'more' if more > 0 else 'fewer'} than"
    return f"{said}, {than} in the week before."


def _were(count: int) -> str:
    return {0: "was no enquiry", 1: "was one enquiry"}.get(count, f"were {count} enquiries")


def _fates(week: Week) -> str:
    return "\n".join(f"- {week.fates[fate]} {said[week.fates[fate] != 1]}" for fate, said in FATES.items()
                     if week.fates.get(fate))


def _before(before: Week | None) -> str:
    if before is None or before.deflection is None or before.naive is None:
        return ""
    said = (f"Of the week before it can be said by now: {before.fates['deflected']} of {before.settled} enquiries "
            f"({before.deflection:.0%}) needed nobody. What is mostly reported would be {before.naive:.0%}, "
            "where whoever gave up counts as a success.")
    fresh = before.fates.get("too_fresh", 0)
    return said + (f" Of {fresh} more it can't be said yet." if fresh else "")


def _way(week: Week) -> str:
    if not week.funnel.get("asked") and not week.funnel.get("screened"):
        return ""
    return "On the way to an appointment: " + ", ".join(
        f"{week.funnel.get(step, 0)} {said}" for step, said in STEPS.items()) + "."


def _times(week: Week) -> str:
    said = []
    if week.answering.count:
        said.append(f"Half of the assistant's replies came within {_long(week.answering)}.")
    if week.until_taken.count:
        said.append(f"Of what a person took over, half was taken within {_long(week.until_taken)}.")
    return " ".join(said)


def _long(spread: Spread) -> str:
    if spread.half < 90:
        return f"{max(spread.half, 0.1):.1f} seconds"
    return f"{spread.half / 60:.0f} minutes" if spread.half < 90 * 60 else f"{spread.half / 3600:.0f} hours"


def _came(report: Report) -> str:
    said = []
    if report.channels:
        said.append("By channel: " + ", ".join(f"{name} {times}" for name, times in report.channels.items()) + ".")
    if report.tagged:
        said.append(f"By a link with a tag: {report.tagged}. By which, and what became of them, stands at the desk.")
    return "\n".join(said)


def _questions(questions: Sequence[Question], desk: str, reply: str) -> str:
    if not questions:
        return "No question waits for an answer."
    lines = [f"{number}. Asked {'once' if one.times == 1 else f'{one.times} times'}: {one.asked or one.about}\n"
             f"   Answer it: {one.link}" for number, one in enumerate(questions, 1)]
    return "\n".join(["Questions that wait for your answer, the most asked first:", *lines,
                      *([reply] if reply else []), f"All of them: {desk}/gaps"])
