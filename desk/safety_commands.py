"""`frontdesk safety ...`: the rules of danger, and what fired."""
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from desk.doing import do

safety = typer.Typer(no_args_is_help=True, help="Signs of danger: why a message reads as it does, signing the rules, "
                                                "who waits for a person, what fired.")


@safety.command("explain")
def explain(text: Annotated[str, typer.Argument(help="A message as somebody would write it.")],
            earlier: Annotated[list[str] | None, typer.Option(help="What they wrote before; may be given again.")]
            = None) -> None:
    """Which rules a message meets, on which words, what does not count and why, and what would be said."""
    from desk.safety import explain as show
    do(lambda settings: show(settings, text, earlier or []))


@safety.command("review")
def review(everything: Annotated[bool, typer.Option("--all", help="Not only what changed since it was signed.")]
           = False) -> None:
    """Print what a clinician reads before signing: about half an hour; next time only what changed."""
    from desk.safety import review as show
    do(lambda settings: show(settings, everything))


@safety.command("sign")
def sign(by: Annotated[str, typer.Option(help="The name of who has read it all.")],
         profession: Annotated[str, typer.Option(help="doctor, nurse, paramedic ...")],
         registration: Annotated[str, typer.Option(help="Their number with the regulator.")],
         until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Next review, within a year.")]
         = None) -> None:
    """Keep who has read and signed the safety rules and their wording. Any later change shows as unsigned."""
    from desk.safety import sign as keep
    do(lambda settings: keep(settings, by, profession, registration, until.date() if until else None))


@safety.command("alerts")
def alerts() -> None:
    """Conversations in which a red flag was raised, and that wait for a person."""
    from desk.safety import alerts as show
    do(show)


@safety.command("release")
def release(conversation: UUID, by: Annotated[str, typer.Option(help="Who has looked at it.")]) -> None:
    """A person has dealt with it: the conversation may book again."""
    from desk.safety import release as let_go
    do(lambda settings: let_go(settings, conversation, by))


@safety.command("report")
def report(days: Annotated[int, typer.Option(min=1, max=3660, help="How far back.")] = 30) -> None:
    """How often each rule fired, and at which level, over time."""
    from desk.safety import report as show
    do(lambda settings: show(settings, days))
