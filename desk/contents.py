"""`frontdesk content ...`: check it, see what is open, import a draft."""
import sys
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.encoder import encoder_at
from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.figures.table import written
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content, load
from clinic.knowledge.importer import import_article
from clinic.knowledge.quick_replies import quick_replies as quick_replies_of
from clinic.knowledge.replay import FILE, checks_in, failing
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, standing
from clinic.settings import Settings
from desk.book_checks import stranded_lines


class WouldOverwrite(ClinicError):
    """The draft's file is there already."""


async def check(settings: Settings) -> int:
    """0 where all is well, and every question of `checks.yml` is answered as it was. Raises ContentError or
    SafetyRulesError with everything that is wrong."""
    content = load(settings.content)
    rules = SafetyRules.load(settings.content)
    today = utc_now().astimezone(content.clinic.zone).date()
    console = Console()
    console.print(f"{settings.content}: fine. {len(content.articles)} articles, {len(content.faqs)} questions, of "
                  f"which {len(content.to_confirm(today))} wait for the clinic's answer.")
    console.print(standing(rules, Signature.read(settings.content), content.clinic.scope, today).why)
    if lines := await stranded_lines(settings, content.clinic):
        console.print("Appointments in the book that these hours, days off or services no longer hold; move them, or "
                      "call:")
        for line in lines:
            console.print(f"  {line}", markup=False, highlight=False)
    return replay(settings, content, today)


def replay(settings: Settings, content: Content, today: date) -> int:
    """Ask every question of `checks.yml` again and print which are answered otherwise; 1 if any is."""
    checks = checks_in(settings.content)
    if not checks:
        return 0
    encode = encoder_at(settings.encoder)
    broken = failing(Knowledge(content, {}, encode), encode, checks, today)
    for check, told in broken:
        print(f"{FILE}: {check.asked!r} is answered by {told or 'nothing'}, not by faq/{check.answer} "
              f"(confirmed by {check.by}, {check.when}).")
    print(f"{len(checks) - len(broken)} of {len(checks)} questions that were answered before still are.")
    return 1 if broken else 0


async def todo(settings: Settings) -> None:
    """The questions that are not answered yet, with the file to edit."""
    content = load(settings.content)
    table = Table(title="Waiting for the clinic's answer", title_justify="left")
    for column in ("File", "Question", "About", "State"):
        table.add_column(column)
    waiting = content.to_confirm(utc_now().astimezone(content.clinic.zone).date())
    for faq in waiting:
        table.add_row(f"faq/{faq.id}.md", faq.question, ", ".join(faq.needs), faq.status)
    console = Console()
    console.print(table)
    console.print(f"{len(content.faqs) - len(waiting)} of {len(content.faqs)} done. Fill in the blanks, then set "
                  "`status: confirmed` with `by`, `when` and, on health, `review_by`.")


async def quick_replies(settings: Settings) -> None:
    """Print them as CSV."""
    content = load(settings.content)
    sys.stdout.write(as_rows(content, utc_now().astimezone(content.clinic.zone).date()))


def as_rows(content: Content, today: date) -> str:
    """What may be said on *today* as CSV, a quick reply a line."""
    return written([("shortcut", "message", "keywords"),
                    *((one.shortcut, one.message, one.keywords) for one in quick_replies_of(content, today))])


async def import_draft(settings: Settings, source: str, out: Path | None) -> None:
    """A draft of an article from *source*. Raises ImportRefused, WouldOverwrite."""
    draft = import_article(source).markdown()
    if out is None:
        print(draft)
        return
    if out.exists():
        raise WouldOverwrite(f"{out} is there already. Choose another name with --out, or move it away.")
    out.write_text(draft, encoding="utf-8")
    print(f"{out}: a draft. Say in each section what it gives, and read it before you publish it.")
