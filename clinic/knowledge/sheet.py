"""A YAML mapping that remembers its lines: read key by key, with every mistake noted and none fatal."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from clinic.knowledge.problems import Problem

# Read as typed: no octal numbers, no clock times in base 60, no `yes` that turns into true.
_TYPED = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}
_BOOLEANS = {"true": True, "false": False}


class Sheet:
    """One mapping of a file. Each reader returns the value, or an empty one after noting a problem."""

    def __init__(self, file: str, node: Node | None, problems: list[Problem], offset: int = 0) -> None:
        self.file, self.problems, self._offset = file, problems, offset
        self.line = offset + (node.start_mark.line + 1 if node is not None else 1)
        self._nodes: dict[str, Node] = {}
        self._lines: dict[str, int] = {}
        self._seen: set[str] = set()
        if isinstance(node, MappingNode):
            self._take(node)
        elif node is not None:
            self.note("a list of `key: value` lines was expected here", "Write one `key: value` a line")

    def _take(self, node: MappingNode) -> None:
        for key, value in node.value:
            line = self._offset + key.start_mark.line + 1
            if key.value in self._nodes:
                self.note(f"`{key.value}` stands here twice", "Keep one of the two", line)
            self._nodes[key.value], self._lines[key.value] = value, line

    def note(self, wrong: str, remedy: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.file, line or self.line, wrong, remedy))

    def line_of(self, key: str) -> int:
        return self._lines.get(key, self.line)

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def _node(self, key: str, required: bool) -> Node | None:
        self._seen.add(key)
        node = self._nodes.get(key)
        if node is None or _plain(node) is None:
            if required:
                self.note(f"`{key}` is missing", f"Add a line `{key}: ...`", self.line_of(key))
            return None
        return node

    def _wrong(self, key: str, expected: str, remedy: str) -> None:
        self.note(f"`{key}` should be {expected}", remedy, self.line_of(key))

    def value(self, key: str, required: bool = False) -> Any:
        node = self._node(key, required)
        return None if node is None else _plain(node)

    def text(self, key: str, required: bool = True) -> str:
        found = self.value(key, required)
        if isinstance(found, list | dict):
            self._wrong(key, "a line of text", "Put it between quotes if it has a colon or a bracket")
            return ""
        return "" if found is None else " ".join(str(found).split())

    def number(self, key: str) -> float:
        found = self.value(key, required=True)
        if found is None:
            return 0.0
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 100_000:
            self._wrong(key, f"a number above 0, not {found!r}", "Write digits only, such as 45 or 37.50")
            return 0.0
        return float(found)

    def switch(self, key: str) -> bool:
        found = self.value(key)
        if found is not None and not isinstance(found, bool):
            self._wrong(key, "true or false", "Write true or false, or leave the line out")
        return found is True

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of short texts; a single text counts as a list of one."""
        found = self.value(key, required)
        if (
            isinstance(found, dict)
            or (isinstance(found, list)
            and any(isinstance(w, list | dict) for w in found))
        ):
            self._wrong(key, "a list of short texts", f"Write `{key}: [one, two]`")
            return ()
        listed = found if isinstance(found, list) else [] if found is None else [found]
        return tuple(" ".join(str(word).split()) for word in listed)

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        found = self.text(key)
        if found and found not in allowed:
            self._wrong(key, f"one of {', '.join(allowed)}, not {found!r}", "Choose one of these")
        return found

    def day(self, key: str, required: bool = False) -> date | None:
        found = self.value(key, required)
        if found is None:
            return None
        try:
            return date.fromisoformat(str(found))
        except ValueError:
            self._wrong(key, f"a date, not {found!r}", "Write year-month-day, such as 2027-01-31")
            return None

    def sheet(self, key: str, required: bool = True) -> "Sheet":
        node = self._node(key, required)
        return Sheet(self.file, node, self.problems, self._offset)

    def sheets(self, key: str, required: bool = False) -> Iterator["Sheet"]:
        """The mappings in a list of mappings."""
        node = self._node(key, required)
        if node is None:
            return
        if not isinstance(node, SequenceNode):
            self._wrong(key, "a list", "Start each entry with a dash")
            return
        for entry in node.value:
            yield Sheet(self.file, entry, self.problems, self._offset)

    def done(self) -> None:
        """Notes each key that nothing asked for: most often a slip of the pen."""
        for key in self._nodes.keys() - self._seen:
            known = ", ".join(sorted(self._seen))
            self.note(f"`{key}` is not a key that is known here", f"Known are: {known}", self.line_of(key))


def read_sheet(file: str, text: str, problems: list[Problem], offset: int = 0) -> Sheet:
    """The mapping in the YAML *text*, whose first line is line *offset* + 1 of *file*."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = offset + (mark.line + 1 if mark else 1)
        reason = getattr(error, "problem", None) or "a sign that YAML does not allow"
        problems.append(
            Problem(
                file,
                line,
                f"this is not valid YAML: {reason}",
                "Look at the indent, the quotes and the colons of this line and the one above",
            )
        )
        # Nothing in it can be read, so that all its keys would be called missing: that would hide the cause.
        return Sheet(file, None, [], offset)
    return Sheet(file, node, problems, offset)


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(entry) for entry in node.value]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _scalar(node: ScalarNode) -> Any:
    if node.style is not None:
        return node.value
    if node.value.lower() in ("", "null", "~"):
        return None
    if node.value.lower() in _BOOLEANS:
        return _BOOLEANS[node.value.lower()]
    reader = _TYPED.get(str(node.ctag))
    try:
        return reader(node.value) if reader else node.value
    except ValueError:
        return node.value
