"""Somebody's article becomes a draft: sections from its headings, and nothing of it quoted before a review."""

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.knowledge.content import read
from clinic.knowledge.draft import Piece, drafted, looks_like_heading
from clinic.knowledge.importer import ImportRefused, import_article

ROOT = Path(__file__).parents[3]
PLAIN = """Why Sleep Matters After Sport

By Example Health

Sleep is when the body mends. It is cheap, too.


What Happens at Night?


Muscles take up what was eaten.

They grow a little.


How Much Is Enough


Most adults do well with seven hours or more.
"""
PAGE = """<!doctype html><html><head><title>Sleep after sport</title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><article><h1>Sleep after sport</h1>
<p>Sleep is when the body mends, and nearly everybody has too little of it in a hard week.</p>
<h2>What happens at night?</h2><p>Muscles take up what was eaten in the evening and grow a little.</p>
<ul><li>Dark rooms help many people.</li></ul></article><footer>Buy our pillows</footer></body></html>"""
WORD = """<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Sleep after sport</w:t></w:r></w:p>
<w:p><w:r><w:t>Sleep is when the body mends.</w:t></w:r></w:p>
<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>At night</w:t></w:r></w:p>
<w:p><w:r><w:t>Muscles grow a little (1-2 %).</w:t></w:r></w:p></w:body></w:document>"""
STYLES = """<?xml version="1.0"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style></w:styles>"""
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/></Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""
STYLES_RELATION = RELATIONS.replace("word/document.xml", "styles.xml").replace(
    '/officeDocument"/>', '/styles"/>'
)


def written(folder: Path, name: str, body: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(body.encode() if isinstance(body, str) else body)
    return file


def word_document() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for name, body in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS),
            ("word/document.xml", WORD),
            ("word/styles.xml", STYLES),
            ("word/_rels/document.xml.rels", STYLES_RELATION),
        ):
            parts.writestr(name, body)
    return packed.getvalue()


def test_plain_text_is_cut_at_lines_that_stand_alone(tmp_path: Path) -> None:
    draft = import_article(written(tmp_path, "sleep.txt", PLAIN))
    assert (draft.title, draft.source) == ("Why Sleep Matters After Sport", "Example Health")
    assert [(heading, len(paragraphs)) for heading, paragraphs in draft.sections] == [
        ("Why Sleep Matters After Sport", 1),
        ("What Happens at Night?", 2),
        ("How Much Is Enough", 1),
    ]


def test_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    unix = import_article(written(tmp_path, "a.txt", PLAIN))
    assert import_article(written(tmp_path, "b.txt", PLAIN.replace("\n", "\r\n"))) == unix


def test_a_web_page_loses_its_menus(tmp_path: Path) -> None:
    draft = import_article(written(tmp_path, "page.html", PAGE))
    assert [heading for heading, _ in draft.sections] == ["Sleep after sport", "What happens at night?"]
    assert "pillows" not in draft.markdown()
    assert "Shop" not in draft.markdown()


def test_markdown_keeps_its_headings(tmp_path: Path) -> None:
    draft = import_article(
        written(tmp_path, "a.md", "# Sleep\n\nIt *mends*.\n\n## At night {#x}\n\n- grow\n- rest\n")
    )
    assert draft.sections == (("Sleep", ("It mends.",)), ("At night", ("grow", "rest")))


def test_a_word_document_keeps_its_headings(tmp_path: Path) -> None:
    draft = import_article(written(tmp_path, "sleep.docx", word_document()))
    assert draft.sections == (
        ("Sleep after sport", ("Sleep is when the body mends.",)),
        ("At night", ("Muscles grow a little (1-2 %).",)),
    )


def test_a_draft_passes_the_check_and_gives_nothing_yet(tmp_path: Path, texts: dict[str, str]) -> None:
    draft = import_article(written(tmp_path, "sleep.txt", PLAIN))
    texts["articles/sleep.md"] = draft.markdown()
    article = read(texts).article("sleep")
    assert article is not None
    assert [section.heading for section in article.sections] == [heading for heading, _ in draft.sections]
    assert {section.gives for section in article.sections} == {()}


FOLDER = {
    name: (ROOT / "tests/clinics/physio" / name).read_text("utf-8")
    for name in ("words.yml", "clinic.yml", "privacy.yml")
}
LINES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40).map(
    str.strip
)


@given(st.lists(st.tuples(st.integers(0, 3), LINES.filter(str.strip)), min_size=1, max_size=6))
def test_whatever_was_written_a_draft_says_it_again(pieces: list[tuple[int, str]]) -> None:
    """Signs that mean something in Markdown or YAML come through as they were typed."""
    given_pieces = [Piece(level, " ".join(text.split())) for level, text in pieces if text.split()]
    draft = drafted(given_pieces, title="T")
    if not draft.sections:
        return
    article = read({**FOLDER, "articles/a.md": draft.markdown()}).articles[0]
    assert [["".join(" ".join(p).split()) for p in s.paragraphs] for s in article.sections] == [
        ["".join(paragraph.split()) for paragraph in paragraphs] for _, paragraphs in draft.sections
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", "old Office"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x00\x01\x02", "not text"),
        (b"caf\xe9 in latin-1", "UTF-8"),
        (b"", "no text"),
        (b"   \n\n ", "no text"),
        (b"<html><body></body></html>", "menus"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_reason(tmp_path: Path, body: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        import_article(written(tmp_path, "file", body))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="not a file"):
        import_article(tmp_path / "none.txt")


@pytest.mark.parametrize("address", ["ftp://example.org/a", "file:///etc/hostname", "http://"])
def test_only_web_addresses_are_fetched(address: str) -> None:
    with pytest.raises(ImportRefused, match="only http"):
        import_article(address)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("What is it?", True),
        ("The Benefits of Rest", True),
        ("REST DAYS", True),
        ("It helps.", False),
        ("so it goes", False),
        ("This one is an ordinary line without a stop", False),
        ("", False),
        ("---", False),
    ],
)
def test_a_heading_is_told_from_a_line(line: str, expected: bool) -> None:
    assert looks_like_heading(line) is expected


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind = {"/film": "video/mp4"}.get(self.path, "text/html; charset=utf-8")
        self.send_response({"/gone": 404}.get(self.path, 200))
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(PAGE.encode() if self.path != "/huge" else b"x" * 5_100_000)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_from_the_web(site: str) -> None:
    assert import_article(f"{site}/sleep").title == "Sleep after sport"


@pytest.mark.parametrize(
    ("path", "reason"), [("gone", "404"), ("film", "video/mp4"), ("huge", "larger than 5 MB")]
)
def test_a_page_that_is_no_article_is_refused(site: str, path: str, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        import_article(f"{site}/{path}")
