"""`frontdesk book`: its commands, with what each takes."""
from pathlib import Path
from typing import Annotated

import typer

from desk.doing import do

book = typer.Typer(no_args_is_help=True, help="The appointment book: read it, change it, copy it. A time is written as "
                                              "people say it ('friday at 3pm') or as 2026-12-03T15:00.")
Reference = Annotated[str, typer.Argument(help="The six signs that the visitor has, too.")]
Date = Annotated[str | None, typer.Argument(help="A day, as people say it; else today.")]
At = Annotated[str, typer.Option("--at", help="The place, by its id; else where the therapist works then.")]
Everything = Annotated[bool, typer.Option("--all", help="Also those of `frontdesk ask`.")]


@book.command("day")
def one_day(date: Date = None, everything: Everything = False) -> None:
    """Who comes on a day, therapist by therapist."""
    from desk.booking import show
    do(lambda settings: show(settings, date, 1, everything))


@book.command("week")
def one_week(date: Date = None, everything: Everything = False) -> None:
    """Who comes in the week of a day, from Monday to Sunday."""
    from desk.booking import show
    do(lambda settings: show(settings, date, 7, everything))


@book.command("waiting")
def waiting() -> None:
    """Who waits for a time that is not free, in their order, and what is kept for whom just now."""
    from desk.waiting import show
    do(show)


@book.command("add")
def add(service: Annotated[str, typer.Argument(help="By its id in clinic.yml, or its name.")],
        therapist: Annotated[str, typer.Argument(help="By their id in clinic.yml.")],
        start: Annotated[str, typer.Argument(help="When it begins.")],
        name: Annotated[str, typer.Argument(help="Who comes.")],
        contact: Annotated[str, typer.Argument(help="A phone number or a mail address.")] = "",
        place: At = "") -> None:
    """Write an appointment into the book. Its visitor gets a mail, where the contact is an address."""
    from clinic.booking.appointment import Details
    from desk.booking import add as write
    do(lambda settings: write(settings, service, therapist, start, Details(name, contact), place=place))


@book.command("confirm")
def confirm(reference: Reference) -> None:
    """A request is booked, and its visitor told."""
    _settle(reference, "confirm")


@book.command("decline")
def decline(reference: Reference) -> None:
    """A request can't be met: its time is free again, and its visitor told."""
    _settle(reference, "decline")


@book.command("cancel")
def cancel(reference: Reference) -> None:
    """An appointment is off: its time is free again, and its visitor told."""
    _settle(reference, "cancel")


@book.command("came")
def came(reference: Reference) -> None:
    """The visitor was there."""
    _settle(reference, "attended")


@book.command("missed")
def missed(reference: Reference) -> None:
    """The visitor was not there."""
    _settle(reference, "missed")


@book.command("move")
def move(reference: Reference, when: Annotated[str, typer.Argument(help="The new time.")],
         therapist: Annotated[str | None, typer.Option("--with", help="Another therapist.")] = None,
         place: At = "") -> None:
    """An appointment gets another time, and its visitor is told."""
    from desk.booking import move as change
    do(lambda settings: change(settings, reference, when, therapist, place=place))


@book.command("block")
def block(therapist: str, begin: Annotated[str, typer.Argument(metavar="FROM", help="A time, or a whole day.")],
          end: Annotated[str, typer.Argument(metavar="TO", help="A time, or a whole day.")],
          why: Annotated[str, typer.Option(help="For staff to read.")] = "") -> None:
    """Keep a therapist's time free of appointments."""
    from desk.booking import block as close
    do(lambda settings: close(settings, therapist, begin, end, why))


@book.command("unblock")
def unblock(reference: Reference) -> None:
    """Blocked time can be booked again."""
    _settle(reference, "unblock")


@book.command("history")
def history(reference: Reference) -> None:
    """What happened to an appointment, when, and by whom."""
    from desk.booking import history as show
    do(lambda settings: show(settings, reference))


@book.command("export")
def export(file: Annotated[Path, typer.Argument(help="A name that ends in .csv or .ics.")],
           since: Annotated[str | None, typer.Option(help="From which day on.")] = None) -> None:
    """Write the book to a file. What visitors told about their health is not in it."""
    from desk.copying import export as write
    do(lambda settings: write(settings, file, since))


@book.command("import")
def take_in(file: Annotated[Path, typer.Argument(help="A .csv or .ics file.")],
            therapist: Annotated[str, typer.Option(help="Whose it is, where the file does not say.")] = "",
            service: Annotated[str, typer.Option(help="What it is, where the file does not say; else blocked time.")]
            = "") -> None:
    """Put a file into the book: all of it, or nothing where a line of it can't be. Nobody is told."""
    from clinic.booking.importing import Defaults
    from desk.copying import take_in as read
    do(lambda settings: read(settings, file, Defaults(therapist, service)))


@book.command("calendar")
def calendar(renew: Annotated[bool, typer.Option("--renew", help="Make new addresses; the old ones end.")]
             = False) -> None:
    """Where staff can subscribe to the book, with any calendar program."""
    from desk.booking import addresses
    do(lambda settings: addresses(settings, renew))


def _settle(reference: str, deed: str) -> None:
    from desk.booking import settle
    do(lambda settings: settle(settings, reference, deed))
