"""`frontdesk`: the command line of the clinic's assistant."""
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
import uvloop

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="An assistant that answers a clinic's enquiries from the clinic's own words.\n\n"
                       "First time? `frontdesk run`, then open the address that it prints.")


@app.callback()
def _begin(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more in the log.")] = False) -> None:
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s", datefmt="%H:%M:%S",
                        level=logging.WARNING)
    logging.getLogger("frontdesk").setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # its jobs log through ours


@app.command()
def run() -> None:
    """Serve the chat. Stops at Ctrl-C, and leaves nothing running."""
    from desk.serving import serve
    _do(serve)


@app.command(hidden=True)
def worker() -> None:
    """A further process that answers; `frontdesk run` starts these when WORKERS is above 1."""
    from desk.serving import work
    _do(work)


@app.command()
def ask(message: Annotated[str | None, typer.Argument(help="One question; without it, lines from standard input.")]
        = None, as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a message.")] = False) -> None:
    """Ask as a visitor would, and see the answer with its proof. Nobody is alerted.

    A line of input is plain text, or a JSON object with `text` or `choice`, and optionally `conversation`."""
    from desk.asking import ask_all
    from desk.lines import given, typed
    _do(lambda settings: ask_all(settings, typed() if message is None else given(message), as_json))


@app.command()
def chat() -> None:
    """Talk with the assistant in the terminal. An empty line ends it."""
    from desk.asking import chat_on
    _do(chat_on)


@app.command()
def when(now: Annotated[str | None, typer.Option(help="The moment it is said at, 2026-03-27T10:00; else this one.")]
         = None, as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a wish.")] = False) -> None:
    """How wishes for a time are read: one a line of standard input. `docs/when.md` says what the words mean."""
    from desk.when import moment, read_lines, zone_of
    said = moment(now) if now else utc_now()
    try:
        read_lines(said, zone_of(Settings.read().content), as_json)
    except ClinicError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def train(if_changed: Annotated[bool, typer.Option("--if-changed", help="Only if something it is made of did.")]
          = False) -> None:
    """Make the model from config.yml, domain.yml and data/."""
    from desk.training import train_model
    _do(lambda settings: train_model(settings, if_changed))


@app.command()
def requests(everything: Annotated[bool, typer.Option("--all", help="Also those of `frontdesk ask`.")] = False,
             read: Annotated[UUID | None, typer.Option(help="Show a conversation.")] = None,
             done: Annotated[str | None, typer.Option(help="Put a request or a conversation away.")] = None) -> None:
    """What people asked the clinic for: appointments, a person, and turns that failed."""
    from desk.listing import list_requests, put_away, read_conversation
    if read:
        _do(lambda settings: read_conversation(settings, read))
    elif done:
        _do(lambda settings: put_away(settings, done))
    else:
        _do(lambda settings: list_requests(settings, everything))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where the clinic's own content shall live.")]) -> None:
    """Copy the sample clinic to FOLDER, for a clinic to make it its own."""
    from desk.beginning import begin
    _do(lambda settings: begin(settings, folder))


@app.command()
def doctor() -> None:
    """What is wrong, and how to mend it. Exit code 1 if anything is."""
    from desk.doctor import report
    _do(report)


content = typer.Typer(no_args_is_help=True, help="What the clinic says: check it, see what is open, import an article.")
app.add_typer(content, name="content")


@content.command("check")
def check_content() -> None:
    """Read the content as publishing would, and list everything that is wrong with file, line and remedy."""
    from desk.contents import check
    _do(check)


@content.command("todo")
def todo() -> None:
    """Which questions still wait for the clinic's answer."""
    from desk.contents import todo as show
    _do(show)


@content.command("import")
def import_content(source: Annotated[str, typer.Argument(help="A file (.md, .txt, .html, .docx) or a web address.")],
                   out: Annotated[Path | None, typer.Option(help="Where to write the draft; else it is printed.")]
                   = None) -> None:
    """Turn a page or a document into a draft of an article, for somebody to review."""
    from desk.contents import import_draft
    _do(lambda settings: import_draft(settings, source, out))


channels = typer.Typer(no_args_is_help=True, help="WhatsApp, Telegram and text messages: set one up, see whether it "
                                                  "works.")
app.add_typer(channels, name="channels")


@channels.command("add")
def add_channel(name: Annotated[str, typer.Argument(help="telegram, whatsapp or twilio")]) -> None:
    """Ask for what a channel needs, try it, and keep it in .env; then say what to enter at the provider."""
    from desk.channels import add
    _do(lambda settings: add(settings, name))


@channels.command("check")
def check_channels() -> None:
    """Whether each provider accepts us and reaches us. Exit code 1 if one doesn't."""
    from desk.channels import check as look
    _do(look)


@channels.command("hand-back")
def hand_back(conversation: UUID) -> None:
    """A person has finished in a conversation: the assistant answers there again."""
    from desk.outbox import give_back
    _do(lambda settings: give_back(settings, conversation))


outbox = typer.Typer(no_args_is_help=True, help="What could not be sent to visitors on WhatsApp, Telegram or by text.")
app.add_typer(outbox, name="outbox")
Delivery = Annotated[int | None, typer.Argument(help="Its number in the list.")]
AllOfThem = Annotated[bool, typer.Option("--all", help="All that are listed.")]


@outbox.command("list")
def list_outbox() -> None:
    """What was not delivered and will not be by itself, with the reason and what to do."""
    from desk.outbox import show
    _do(show)


@outbox.command("retry")
def retry(delivery: Delivery = None, everything: AllOfThem = False) -> None:
    """Send it again, now or as soon as the server runs."""
    from desk.outbox import send_again
    _do(lambda settings: send_again(settings, delivery, everything))


@outbox.command("drop")
def drop(delivery: Delivery = None, everything: AllOfThem = False) -> None:
    """Give it up: somebody has told the visitor by other means."""
    from desk.outbox import give_up
    _do(lambda settings: give_up(settings, delivery, everything))


desk = typer.Typer(no_args_is_help=True, help="Who may sign in at the console, /desk in the browser.")
app.add_typer(desk, name="desk")


@desk.command("add-user")
def add_user(name: str, role: Annotated[str, typer.Option(help="reception, therapist or manager.")],
             code: Annotated[bool, typer.Option("--totp", help="A code from an authenticator as well.")] = False
             ) -> None:
    """Let somebody sign in. The password is asked for, or read from standard input."""
    from desk.colleagues import add
    _do(lambda settings: add(settings, name, role, code))


@desk.command("password")
def new_password(name: str) -> None:
    """Give somebody another password; they are signed out everywhere."""
    from desk.colleagues import password
    _do(lambda settings: password(settings, name))


@desk.command("remove-user")
def remove_user(name: str) -> None:
    """Let somebody in no more. What they wrote stays."""
    from desk.colleagues import remove
    _do(lambda settings: remove(settings, name))


@desk.command("users")
def users() -> None:
    """Who may sign in."""
    from desk.colleagues import show
    _do(show)


safety = typer.Typer(no_args_is_help=True, help="Signs of danger: why a message reads as it does, signing the rules, "
                                                "who waits for a person, what fired.")
app.add_typer(safety, name="safety")


@safety.command("explain")
def explain(text: Annotated[str, typer.Argument(help="A message as somebody would write it.")],
            earlier: Annotated[list[str] | None, typer.Option(help="What they wrote before; may be given again.")]
            = None) -> None:
    """Which rules a message meets, on which words, what does not count and why, and what would be said."""
    from desk.safety import explain as show
    _do(lambda settings: show(settings, text, earlier or []))


@safety.command("review")
def review(everything: Annotated[bool, typer.Option("--all", help="Not only what changed since it was signed.")]
           = False) -> None:
    """Print what a clinician reads before signing: about half an hour; next time only what changed."""
    from desk.safety import review as show
    _do(lambda settings: show(settings, everything))


@safety.command("sign")
def sign(by: Annotated[str, typer.Option(help="The name of who has read it all.")],
         profession: Annotated[str, typer.Option(help="doctor, nurse, paramedic ...")],
         registration: Annotated[str, typer.Option(help="Their number with the regulator.")],
         until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Next review, within a year.")]
         = None) -> None:
    """Keep who has read and signed the safety rules and their wording. Any later change shows as unsigned."""
    from desk.safety import sign as keep
    _do(lambda settings: keep(settings, by, profession, registration, until.date() if until else None))


@safety.command("alerts")
def alerts() -> None:
    """Conversations in which a red flag was raised, and that wait for a person."""
    from desk.safety import alerts as show
    _do(show)


@safety.command("release")
def release(conversation: UUID, by: Annotated[str, typer.Option(help="Who has looked at it.")]) -> None:
    """A person has dealt with it: the conversation may book again."""
    from desk.safety import release as let_go
    _do(lambda settings: let_go(settings, conversation, by))


@safety.command("report")
def report(days: Annotated[int, typer.Option(min=1, max=3660, help="How far back.")] = 30) -> None:
    """How often each rule fired, and at which level, over time."""
    from desk.safety import report as show
    _do(lambda settings: show(settings, days))


def _do(work: Callable[[Settings], Coroutine[Any, Any, int | None]]) -> None:
    """Run *work*; what the clinic expects to go wrong is one clear message, not a stack trace."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(work(Settings.read()))
    except ClinicError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(code or 0)


def main() -> None:
    app()
