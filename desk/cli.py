"""`frontdesk`: the command line of the clinic's assistant."""
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings
from desk import logs
from desk.book_commands import book
from desk.channel_commands import channels, outbox
from desk.content_commands import content
from desk.desk_commands import desk
from desk.doing import do
from desk.privacy_commands import privacy
from desk.safety_commands import safety

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="An assistant that answers a clinic's enquiries from the clinic's own words.\n\n"
                       "First time? `frontdesk run`, then open the address that it prints.")


@app.callback()
def _begin(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more in the log.")] = False) -> None:
    logs.begin(verbose)


@app.command()
def run() -> None:
    """Serve the chat. Stops at Ctrl-C, and leaves nothing running."""
    from desk.serving import serve
    do(serve)


@app.command(hidden=True)
def worker() -> None:
    """A further process that answers; `frontdesk run` starts these when WORKERS is above 1."""
    from desk.serving import work
    do(work)


@app.command()
def ask(message: Annotated[str | None, typer.Argument(help="One question; without it, lines from standard input.")]
        = None, as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a message.")] = False) -> None:
    """Ask as a visitor would, and see the answer with its proof. Nobody is alerted.

    A line of input is plain text, or a JSON object with `text` or `choice`, and optionally `conversation`."""
    from desk.asking import ask_all
    from desk.lines import given, typed
    do(lambda settings: ask_all(settings, typed() if message is None else given(message), as_json))


@app.command()
def chat() -> None:
    """Talk with the assistant in the terminal. An empty line ends it."""
    from desk.asking import chat_on
    do(chat_on)


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


train = typer.Typer(invoke_without_command=True, help="Make the model from config.yml, domain.yml and data/.")


@train.callback()
def train_now(context: typer.Context,
              if_changed: Annotated[bool, typer.Option("--if-changed", help="Only if something it is made of did.")]
              = False) -> None:
    """Make the model from config.yml, domain.yml and data/."""
    from desk.training import train_model
    if context.invoked_subcommand is None:
        do(lambda settings: train_model(settings, if_changed))


@train.command("phrasings")
def phrasings(out: Annotated[Path | None, typer.Option(help="Where to write it; else it is printed.")] = None) -> None:
    """What people at the desk said that questions mean, as a patch of data/ to read and then to `git apply`."""
    from desk.phrasings import propose
    do(lambda settings: propose(settings, out))


@app.command()
def requests(everything: Annotated[bool, typer.Option("--all", help="Also those of `frontdesk ask`.")] = False,
             read: Annotated[UUID | None, typer.Option(help="Show a conversation.")] = None,
             done: Annotated[str | None, typer.Option(help="Put a request or a conversation away.")] = None) -> None:
    """What people asked the clinic for: appointments, a person, and turns that failed."""
    from desk.listing import list_requests, put_away, read_conversation
    if read:
        do(lambda settings: read_conversation(settings, read))
    elif done:
        do(lambda settings: put_away(settings, done))
    else:
        do(lambda settings: list_requests(settings, everything))


@app.command()
def numbers(weeks: Annotated[int, typer.Option(min=1, max=200, help="How many, this one too.")] = 8,
            as_csv: Annotated[bool, typer.Option("--csv", help="For another program.")] = False,
            trace: Annotated[tuple[str, str] | None, typer.Option(help="A day and a part, 2026-11-23 dead_end: the "
                                                                       "conversations behind that figure.")] = None,
            channel: Annotated[str, typer.Option(help="With --trace: of one channel.")] = "all",
            source: Annotated[str, typer.Option(help="With --trace: from one source, #poster or none.")] = "all"
            ) -> None:
    """What was taken off the clinic's hands, with its parts. `docs/numbers.md` says what each word means."""
    from desk.numbers import show
    from desk.numbers import trace as behind
    do(lambda settings: behind(settings, *trace, channel, source) if trace else show(settings, weeks, as_csv))


@app.command()
def weekly(week: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of the week it is about; "
                                                                                   "else last week.")] = None,
           send: Annotated[bool, typer.Option("--send", help="Send it to WEEKLY_TO now.")] = False,
           reply: Annotated[bool, typer.Option("--reply", help="Take the mail on standard input as a reply to it: a "
                                                               "draft, to be confirmed at the desk.")] = False) -> None:
    """The weekly mail: last week's numbers in plain words, and the questions that wait for an answer."""
    from desk.weekly import show, take_reply
    do(lambda settings: take_reply(settings) if reply else show(settings, week.date() if week else None, send))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where the clinic's own content shall live.")]) -> None:
    """Copy the sample clinic to FOLDER, for a clinic to make it its own."""
    from desk.beginning import begin
    do(lambda settings: begin(settings, folder))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file, which only you can read.")]) -> None:
    """All that the clinic would miss, in one file: the database and its own content. The server may run meanwhile."""
    from desk.backing_up import backup as write
    do(lambda settings: write(settings, file))


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A backup.")],
            content_to: Annotated[Path | None, typer.Option(help="A new folder for its content.")] = None,
            yes: Annotated[bool, typer.Option("--yes", help="Replace what is in the database.")] = False) -> None:
    """Put a backup in the place of the database; the server must not run. Whoever was erased since is erased again."""
    from desk.backing_up import restore as put_back
    do(lambda settings: put_back(settings, file, content_to, yes))


@app.command()
def handover() -> None:
    """One page for the next person who looks after this: what runs where, what to watch, what to do when."""
    from desk.handing_on import hand_on
    do(hand_on)


@app.command()
def support(file: Annotated[Path, typer.Argument(help="A new file, such as support.zip.")]) -> None:
    """One file for whoever helps you from afar: versions, states and counts, without anybody's data or a secret."""
    from desk.supporting import support as write
    do(lambda settings: write(settings, file))


@app.command()
def doctor() -> None:
    """What is wrong, and how to mend it. Exit code 1 if anything is."""
    from desk.doctor import report
    do(report)


for name, group in {"train": train, "book": book, "content": content, "channels": channels, "outbox": outbox,
                    "desk": desk, "privacy": privacy, "safety": safety}.items():
    app.add_typer(group, name=name)


def main() -> None:
    app()
