"""What a page that carries the chat has to load."""
import gzip

from clinic.settings import ROOT

STATIC = ROOT / "channels" / "website" / "static"


def test_the_chat_weighs_at_most_20_kilobytes() -> None:
    """Each file gzipped by itself, as a page loads them."""
    files = [STATIC / "widget.js", *sorted((STATIC / "widget").glob("*.js"))]
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= 20_000
