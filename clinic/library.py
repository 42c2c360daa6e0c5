"""The content that is live in this process: swapped whole when a new version was published."""
from clinic.errors import NotReady
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.vectors import Encode


class Library:
    """Holds one version at a time; a turn takes it once and keeps it to its end."""

    def __init__(self, encode: Encode) -> None:
        self.encode = encode
        self._current: Knowledge | None = None

    @property
    def current(self) -> Knowledge:
        """Raises NotReady before anything was published."""
        if self._current is None:
            raise NotReady("No content is published yet. `frontdesk content check` tells what is wrong with it.")
        return self._current

    @property
    def version(self) -> str | None:
        return self._current.content.version if self._current else None

    def put(self, knowledge: Knowledge) -> None:
        self._current = knowledge
