"""Draws how replies look on each channel, for docs/channels.md: `python -m bench.pictures`.

What is drawn is what the channels would send: cut by `channels/composing.py` to what each declares. The frames around
it are nobody's: no marks of the providers."""
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from channels import rooms
from channels.composing import compose
from channels.contract import Part
from clinic.conversation import Message
from clinic.knowledge.content import load
from clinic.settings import ROOT

FILE = ROOT / "docs" / "images" / "replies.svg"
SHOWN = {"whatsapp": "WhatsApp", "telegram": "Telegram", "twilio": "Text message"}
WIDE, GAP, LINE, LETTERS = 300, 30, 18, 38
ASKED = "can I come thursday afternoon?"
TIMES = ("Thu 26 Nov, 12:00", "Thu 26 Nov, 14:00", "Thu 26 Nov, 15:30", "Another day")


def message(text: str, labels: Sequence[str]) -> Message:
    return Message(2, "bot", "booking", text, datetime(2026, 11, 23, 12, tzinfo=UTC),
                   choices=[{"label": label, "token": label} for label in labels])


class Sheet:
    """Shapes from top to bottom in one column."""

    def __init__(self, left: int) -> None:
        self.left, self.y, self.shapes = left, 24, [""]

    def title(self, text: str) -> None:
        self._text(self.left + WIDE / 2, text, "middle", "title")
        self.y += 20

    def bubble(self, text: str, ours: bool) -> None:
        """What somebody says, by the visitor to the right."""
        lines = [line for part in text.split("\n") for line in textwrap.wrap(part, LETTERS) or [""]]
        width = min(WIDE - 24, 26 + max(map(len, lines)) * 7)
        x = self.left + 8 if ours else self.left + WIDE - 8 - width
        self._box(x, width, len(lines) * LINE + 16, "bot" if ours else "visitor")
        for line in lines:
            self.y += LINE
            self._text(x + 12, line, below=3)
        self.y += 22

    def button(self, label: str) -> None:
        self._box(self.left + 8, WIDE - 24, 30, "button")
        self.y += 20
        self._text(self.left + 8 + (WIDE - 24) / 2, label, "middle", "label")
        self.y += 14

    def row(self, label: str) -> None:
        """An entry of a list that opens."""
        self.y += 20
        self.shapes.append(f'<circle cx="{self.left + 34}" cy="{self.y - 5}" r="6" class="dot"/>')
        self._text(self.left + 50, label)
        self.y += 4

    def _box(self, x: float, width: float, height: float, kind: str) -> None:
        self.shapes.append(f'<rect x="{x:g}" y="{self.y}" width="{width:g}" height="{height:g}" rx="12" '
                           f'class="{kind}"/>')

    def _text(self, x: float, text: str, anchor: str = "start", kind: str = "said", below: int = 0) -> None:
        self.shapes.append(f'<text x="{x:g}" y="{self.y + below}" '
                           f'text-anchor="{anchor}" class="{kind}">{escape(text)}</text>')


def column(name: str, left: int, exchanges: Sequence[tuple[str, str, Message]], choose: str) -> Sheet:
    sheet = Sheet(left)
    sheet.title(SHOWN[name])
    for asked, typed, answer in exchanges:
        sheet.bubble(asked if rooms.LIMITS[name].buttons else typed, ours=False)
        for row in compose(answer, rooms.LIMITS[name], choose=choose):
            part = Part.from_row(row)
            sheet.bubble(part.text, ours=True)
            if part.style == "buttons":
                for label, _ in part.choices:
                    sheet.button(label)
            elif part.style == "list":
                sheet.button(f"☰ {part.choose}")
                for label, _ in part.choices:
                    sheet.row(label)
        sheet.y += 10
    return sheet


def drawing() -> Iterator[str]:
    content = load(ROOT / "content")
    said, labels = content.words.said, content.words.choices
    exchanges = (
        (ASKED, ASKED, message("These times are free. Which would you like?", TIMES)),
        (TIMES[1], "2", message(f"{said['next_read_now']}\nShall I send this to the clinic?",
                           [labels[name] for name in ("affirm", "deny", "stop")])))
    sheets = [column(name, GAP + place * (WIDE + GAP), exchanges, said["choose"])
              for place, name in enumerate(SHOWN)]
    high, wide = max(sheet.y for sheet in sheets) + 10, GAP + len(sheets) * (WIDE + GAP)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
           'role="img" aria-label="The same two replies on WhatsApp, on Telegram and as a text message">')
    yield ("<style>text{font:13px 'Liberation Sans',Arial,sans-serif;fill:#1d2a28}.title{font-weight:bold;fill:#53625e}"
           ".label{fill:#17635a;font-weight:bold}.frame{fill:#eef4f1;stroke:#d9e0dc}.bot{fill:#fff;stroke:#d9e0dc}"
           ".visitor{fill:#cfe1da}.button{fill:#fff;stroke:#17635a}.dot{fill:none;stroke:#17635a}</style>")
    for sheet in sheets:
        yield f'<rect x="{sheet.left}" y="4" width="{WIDE}" height="{high - 8}" rx="16" class="frame"/>'
        yield from filter(None, sheet.shapes)
    yield "</svg>"


def main(file: Path = FILE) -> None:
    file.write_text("\n".join(drawing()) + "\n", encoding="utf-8")
    print(f"{file.relative_to(ROOT)} is drawn")


if __name__ == "__main__":
    main()
