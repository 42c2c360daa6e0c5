"""Which of the clinic's services somebody names: by its name, another that `clinic.yml` has for it, or its length."""
import re
from collections.abc import Iterator, Sequence

from clinic.knowledge.practice import Service


def named_service(services: Sequence[Service], text: str, asked: bool) -> tuple[str, str] | None:
    """The id of the service that *text* names, and the words that name it, the longest that do; None if none is named.

    Where the visitor was *asked* which, a number alone is a length."""
    heads = [service.name.split(",")[0] for service in services]
    best: tuple[str, str] | None = None
    for service, head in zip(services, heads, strict=True):
        short = [head] if heads.count(head) == 1 else []
        names = map(re.escape, (service.name, *short, *service.also))
        for form in (*names, *_lengths(service.length_minutes, asked)):
            named = re.search(rf"(?<!\w){form}(?!\w)", text, re.I)
            if named and (best is None or len(named[0]) > len(best[1])):
                best = service.id, named[0]
    return best


def _lengths(minutes: int, asked: bool) -> Iterator[str]:
    yield rf"{minutes}[\s-]*min(?:ute)?s?"
    if minutes % 60 == 0:
        yield rf"{minutes // 60}\s*h(?:ou)?rs?"
    if asked:
        yield rf"^\W*(?:the )?{minutes}(?: one)?(?: please)?\W*$"
