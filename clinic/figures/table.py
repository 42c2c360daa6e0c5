"""Figures as a table for other programs: CSV that no spreadsheet takes for a formula."""
import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from clinic.figures.enquiry import FATES
from clinic.figures.week import FUNNEL, Key, Week
from clinic.spreadsheet import is_formula

HEADINGS = ("week", "channel", "source", "enquiries", *FATES, "deflection", "naive", *FUNNEL, "answer_seconds_half",
            "answer_seconds_most", "taken_seconds_half", "taken_seconds_most", "urgent_or_emergency")


def as_csv(weeks: Mapping[Key, Week]) -> str:
    """A line for each week, channel and source."""
    return written([HEADINGS, *(_line(key, figures) for key, figures in weeks.items())])


def _line(key: Key, figures: Week) -> Sequence[object]:
    week, channel, source = key
    return (week.isoformat(), channel, source, figures.enquiries, *(figures.fates[fate] for fate in FATES),
            _share(figures.deflection), _share(figures.naive), *(figures.funnel[step] for step in FUNNEL),
            round(figures.answering.half, 2), round(figures.answering.most, 2), round(figures.until_taken.half),
            round(figures.until_taken.most),
            figures.firings.get("urgent", 0) + figures.firings.get("emergency", 0))


def written(rows: Iterable[Sequence[object]]) -> str:
    """*rows* as CSV. A text that begins like a formula gets an apostrophe, which spreadsheets show as text."""
    out = StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def _share(value: float | None) -> object:
    return "" if value is None else round(value, 4)
