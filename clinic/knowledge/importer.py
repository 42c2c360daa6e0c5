"""A web page, Markdown, text or DOCX turned into the draft of an article. Reads; publishes nothing."""

import io
import re
import zipfile
from pathlib import Path

import mammoth
import trafilatura

from clinic.errors import ClinicError
from clinic.knowledge.draft import Draft, Piece, drafted
from clinic.knowledge.fetching import fetch
from clinic.knowledge.prose import blocks

LARGEST = 5_000_000  # bytes, of a file or a page
_LARGEST_UNPACKED = 50_000_000
_ZIP, _PDF, _OLD_OFFICE = b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"
_PAGE = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HEADING = re.compile(r"^#{1,6} \S|^[^\n]+\n(=+|-{3,})\s*$", re.MULTILINE)
_FRONT = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)


class ImportRefused(ClinicError):
    """The file or page can't be turned into a draft; the text says why, and what to do instead."""


def import_article(source: str | Path) -> Draft:
    """A draft from a file, or from an http(s) address. Raises ImportRefused where nothing can be read."""
    if isinstance(source, str) and re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
        return _draft(fetch(source, LARGEST, ImportRefused), source.rsplit("/", 1)[-1])
    file = Path(source)
    if not file.is_file():
        raise ImportRefused(f"{file} is not a file")
    if file.stat().st_size > LARGEST:
        raise ImportRefused(f"{file} is larger than {LARGEST // 1_000_000} MB; copy its text into a file")
    return _draft(file.read_bytes(), file.name)


def _draft(raw: bytes, name: str) -> Draft:
    if raw.startswith((_PDF, _OLD_OFFICE)):
        raise ImportRefused(f"{name} is a PDF or an old Office file; save it as .docx, or its text as .txt")
    if raw.startswith(_ZIP):
        draft = drafted(_marked(_docx(raw, name)))
    elif _PAGE.match(raw):
        draft = _page(raw, name)
    else:
        draft = drafted(_text(_decoded(raw, name)))
    if not draft.sections:
        raise ImportRefused(f"{name} has no text to make an article of")
    return draft


def _docx(raw: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                raise ImportRefused(f"{name} unpacks to more than {_LARGEST_UNPACKED // 1_000_000} MB")
            if "word/document.xml" not in packed.namelist():
                raise ImportRefused(f"{name} is not a Word document; save it as .docx, or as text")
        return str(mammoth.convert_to_markdown(io.BytesIO(raw), convert_image=_without_images()).value)
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ImportRefused(f"{name} is damaged: {error}") from error


def _without_images() -> object:
    return mammoth.images.img_element(lambda image: {"src": ""})


def _page(raw: bytes, name: str) -> Draft:
    marked = trafilatura.extract(
        raw, output_format="markdown", include_formatting=True, favor_recall=True, include_comments=False
    )
    if not marked:
        raise ImportRefused(f"{name} has no article that stands out from its menus; save its text as .txt")
    about = trafilatura.extract_metadata(raw)
    return drafted(_marked(marked), about.title or "", about.author or about.sitename or "", about.date or "")


def _decoded(raw: bytes, name: str) -> str:
    coding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{name} is not text that can be read; save it as UTF-8 text") from error
    if "\x00" in text:
        raise ImportRefused(f"{name} is not text; a web page, Markdown, text or .docx can be read")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(text: str) -> list[Piece]:
    text = _FRONT.sub("", text)
    if _HEADING.search(text):
        return _marked(text)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return [Piece(0, paragraph) for paragraph in paragraphs if paragraph]


def _marked(markdown: str) -> list[Piece]:
    pieces: list[Piece] = []
    for block in blocks(markdown):
        if block.level:
            pieces.append(Piece(block.level, re.sub(r"\s*\{#.*\}$", "", block.heading)))
        pieces.extend(Piece(0, paragraph.text) for paragraph in block.paragraphs)
    return [piece for piece in pieces if piece.text]
