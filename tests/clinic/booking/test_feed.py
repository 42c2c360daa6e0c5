"""What a calendar of somebody else's takes of a therapist's time."""
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic.booking.feed import FeedUnreadable, busy_in

LONDON = ZoneInfo("Europe/London")
FROM, UNTIL = datetime(2026, 10, 18, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)


def calendar(*events: str) -> str:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{told}END:VCALENDAR\n".replace("\n", "\r\n")


def busy(*events: str) -> list[str]:
    taken = busy_in([calendar(*events)], "a", (FROM, UNTIL), LONDON)
    return [f"{one.starts:%d %b %H:%M}-{one.ends:%H:%M}" for one in taken]


def test_what_repeats_keeps_its_clock_time_when_the_clocks_change() -> None:
    """And leaves out what was taken out of the series, and follows what was moved within it."""
    series = ("UID:a\nDTSTART;TZID=Europe/London:20261001T090000\nDTEND;TZID=Europe/London:20261001T100000\n"
              "RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/London:20261029T090000")
    moved = ("UID:a\nRECURRENCE-ID;TZID=Europe/London:20261105T090000\nDTSTART;TZID=Europe/London:20261105T110000\n"
             "DTEND;TZID=Europe/London:20261105T120000")
    assert busy(series, moved) == ["22 Oct 08:00-09:00", "05 Nov 11:00-12:00"]


def test_a_whole_day_is_one_at_the_clinic() -> None:
    assert busy("UID:a\nDTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261021") == ["19 Oct 23:00-23:00"]


@pytest.mark.parametrize("told", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "UID:BBBBBB@frontdesk"])
def test_what_takes_no_time_closes_nothing(told: str) -> None:
    known_as = "" if told.startswith("UID") else "UID:a\n"
    assert busy(f"{known_as}{told}\nDTSTART:20261020T090000Z\nDTEND:20261020T100000Z") == []


def test_times_that_touch_are_one() -> None:
    assert busy("UID:a\nDTSTART:20261020T090000Z\nDTEND:20261020T100000Z",
                "UID:b\nDTSTART:20261020T100000Z\nDTEND:20261020T110000Z",
                "UID:c\nDTSTART:20261020T093000Z\nDTEND:20261020T094500Z") == ["20 Oct 09:00-11:00"]


@pytest.mark.parametrize("text", [
    "", "<html>sign in</html>", calendar("UID:a\nDTSTART:20261020T090000Z\nRRULE:FREQ=SECONDLY"),
    calendar("UID:a\nDTSTART:20261020T090000Z\nRRULE:COUNT=5;FREQ=MI\n NUTELY"), "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_is_said_to_be_none(text: str) -> None:
    with pytest.raises(FeedUnreadable):
        busy_in([text], "a", (FROM, UNTIL), LONDON)
