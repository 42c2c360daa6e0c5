"""What a calendar of somebody else's takes of a therapist's time."""
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from zoneinfo import ZoneInfo

import pytest

from clinic.booking.caldav import CalDav
from clinic.booking.feed import FeedUnreadable, busy_in
from clinic.booking.fetching import check_way

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


@pytest.mark.parametrize("rule", [
    "FREQ=MINUTELY", "FREQ=MINU\n\tTELY", "FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,1,2,3", "BYSECOND=1,2;FREQ=HOURLY"])
def test_what_happens_every_minute_is_not_told_one_by_one(rule: str) -> None:
    """Whatever way it is written: a stranger's invitation in a therapist's calendar would keep us busy for a minute."""
    with pytest.raises(FeedUnreadable, match="every minute"):
        busy(f"UID:a\nDTSTART:20261020T090000Z\nDTEND:20261020T090001Z\nRRULE:{rule}")


def test_an_hour_that_repeats_at_half_past_is_fine() -> None:
    assert busy("UID:a\nDTSTART:20261020T093000Z\nDTEND:20261020T103000Z\nRRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=30;COUNT=1"
                ) == ["20 Oct 09:30-10:30"]


@pytest.mark.parametrize("onward", ["http://127.0.0.1:5432/", "http://localhost/metrics", "https://[::1]/"])
def test_a_calendar_elsewhere_sends_us_to_nothing_on_this_machine(onward: str) -> None:
    with pytest.raises(FeedUnreadable, match="this machine"):
        check_way(onward, by="https://calendar.example/a.ics")
    check_way("http://localhost:5232/b.ics", by="http://localhost:5232/a.ics")


def test_a_login_goes_no_other_way_than_the_calendars() -> None:
    """Also where its server thinks that it is at http, or names the whole address."""
    calendar = CalDav("https://dav.example/sam/", ("sam", "secret"))
    for href in ("http://dav.example/sam/a.ics", "/sam/a.ics", "a.ics"):
        assert calendar._object((href, "mark", "text")).address == "https://dav.example/sam/a.ics"
    with pytest.raises(FeedUnreadable, match="another"):
        calendar._object(("https://elsewhere.example/a.ics", "mark", "text"))


class Hostile(BaseHTTPRequestHandler):
    """Answers with a little text that means a thousand times as much, which the parser itself would let through, in the
    encoding that its path names."""

    BOMB = ('<?xml version="1.0" encoding="{0}"?><!DOCTYPE d [<!ENTITY a "{1}">' + "".join(
        f'<!ENTITY {"abcdefgh"[n]} "{("&" + "abcdefgh"[n - 1] + ";") * 10}">' for n in range(1, 5)) + "]>"
        '<d:multistatus xmlns:d="DAV:"><d:response><d:href>/x</d:href>&e;</d:response></d:multistatus>')

    def do_REPORT(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        encoding = self.path.strip("/")
        body = self.BOMB.format(encoding, "x" * 100).encode(encoding)
        self.send_response(207)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hostile() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hostile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_little_xml_that_means_a_lot_is_not_unfolded(hostile: str, encoding: str) -> None:
    with pytest.raises(FeedUnreadable, match="does not answer as a calendar"):
        await CalDav(f"{hostile}/{encoding}", None).between(FROM, UNTIL)
