"""What is wrong with the content, said so that the person who edits it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.errors import ClinicError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: *file* below the content folder, *line* from 1, what is wrong, what to do."""

    file: str
    line: int
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}. {self.remedy}."


class ContentError(ClinicError):
    """The content folder does not pass its check. `problems` has all that is wrong, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
