"""Read `review.md`: a verdict, and comments of the form `path:line: severity: text`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from worksample.catalogue.mistakes import Mistake
from worksample.errors import UserError
from worksample.messages import message

_MAX_BYTES = 500_000
_MAX_SHOWN = 20
_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
_VERDICT = re.compile(r"[-*+_\s]*+verdict[*_]*\s*:(.*)", re.IGNORECASE)
_COMMENT = re.compile(
    r"[-*+\s]*+`?(?P<path>[^\s:`](?:[^:`]*[^\s:`])?)\s*:"
    r"\s*(?P<first>\d{1,7})(?:\s*[-–]\s*(?P<last>\d{1,7}))?(?::\d+)?`?\s*:"
    r"\s*[*_`]*(?P<severity>[^\W\d_][^:]{0,40}?)[*_`]*\s*:(?P<text>.*)"
)
#: A line that was meant as a comment, but lacks something.
_NEARLY = re.compile(
    r"[-*+\s]*+`?\S+?:\s*\d|.*:\s*[*_`]*(?:blocking|nit)\b[*_`]*\s*:", re.IGNORECASE
)
_AROUND = " \t\"'<>[]()`*_.!"
_BULLET = re.compile(r"\s*[-*+]\s")


class Severity(StrEnum):
    """Whether a comment has to be followed before the merge."""

    BLOCKING = "blocking"
    NIT = "nit"


class Decision(StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request changes"


_DECISIONS = {
    "approve": Decision.APPROVE,
    "approved": Decision.APPROVE,
    "request changes": Decision.REQUEST_CHANGES,
    "requested changes": Decision.REQUEST_CHANGES,
    "changes requested": Decision.REQUEST_CHANGES,
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the lines `first` to `last` of a file; `at` is its own line in review.md."""

    at: int
    path: str
    first: int
    last: int
    severity: Severity
    text: str

    @property
    def place(self) -> str:
        """The file and line, as the form has them."""
        return f"{self.path}:{self.first}"


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer wrote; an untouched form has neither verdict nor comments."""

    decision: Decision | None
    comments: tuple[Comment, ...]

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was filled in."""
        return self.decision is None and not self.comments

    @property
    def blocking(self) -> list[Comment]:
        """The comments that have to be followed."""
        return [each for each in self.comments if each.severity is Severity.BLOCKING]


def read_review(path: Path) -> Review:
    """Read the form `path`.

    Raises `UserError`, with every line that cannot be read, or if there is no such text.
    """
    review, mistakes = parsed(_text_of(path), path)
    if mistakes:
        shown = [str(each) for each in mistakes[:_MAX_SHOWN]]
        if more := len(mistakes[_MAX_SHOWN:]):
            shown.append(message("and {count} more lines", count=more))
        raise UserError(
            "\n".join(shown),
            hint="A comment is `path:line: severity: text`, with the severity blocking or nit; the "
            "verdict is `Verdict: approve` or `Verdict: request changes`.",
        )
    return review


def parsed(text: str, path: Path) -> tuple[Review, list[Mistake]]:
    """Return the review that `text` holds, and the lines of it that cannot be read."""
    found = _Reading(path)
    plain = _HIDDEN.sub(lambda hidden: "\n" * hidden[0].count("\n"), text)
    shown, never_ends, _ = plain.partition("<!--")
    for number, line in enumerate(shown.split("\n"), 1):
        found.read(number, line.rstrip())
    if never_ends:
        problem = "a comment begins with `<!--`, and no `-->` ends it"
        found.mistakes.append(Mistake(path, shown.count("\n") + 1, problem))
    return found.review()


@dataclass(slots=True)
class _Reading:
    """What was read of a form so far."""

    path: Path
    verdict_at: int = 0
    decision: Decision | None = None
    comments: list[Comment] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    #: Whether the next line may go on with the last comment.
    is_open: bool = False

    def read(self, number: int, line: str) -> None:
        """Read a line."""
        if not line.strip() or line.startswith("#"):
            self.is_open = False
        elif verdict := _VERDICT.fullmatch(line):
            self._decide(number, verdict[1])
        elif comment := _COMMENT.fullmatch(line):
            self._comment(number, comment)
        elif self._goes_on(line):
            last = self.comments[-1]
            text = f"{last.text} {line.strip()}"
            self.comments[-1] = Comment(
                last.at, last.path, last.first, last.last, last.severity, text
            )
        elif not (self.is_open and self.mistakes):
            self._wrong(number, "is neither a verdict nor a comment `path:line: severity: text`")

    def review(self) -> tuple[Review, list[Mistake]]:
        """Return what was read, and what could not be."""
        mistakes = list(self.mistakes)
        if self.comments and not self.verdict_at:
            mistakes.append(Mistake(self.path, 1, "there is no line `Verdict: …`"))
        elif self.comments and self.decision is None and not mistakes:
            mistakes.append(
                Mistake(
                    self.path, self.verdict_at, "has no verdict: write approve or request changes"
                )
            )
        return Review(self.decision, tuple(self.comments)), sorted(
            mistakes, key=lambda mistake: mistake.line
        )

    def _decide(self, number: int, words: str) -> None:
        self.is_open = False
        if self.verdict_at:
            self._wrong(
                number,
                message("is a second verdict; the first is in line {line}", line=self.verdict_at),
            )
            return
        self.verdict_at = number
        plain = " ".join(re.split(r"[\s_-]+", words.casefold().strip(_AROUND)))
        if plain and plain not in _DECISIONS:
            problem = "the verdict {words} is not known; write approve or request changes"
            self._wrong(number, message(problem, words=repr(words.strip()[:60])))
        self.decision = _DECISIONS.get(plain)

    def _comment(self, number: int, found: re.Match[str]) -> None:
        first, severity = int(found["first"]), found["severity"].casefold()
        last = int(found["last"] or first)
        if severity not in list(Severity):
            problem = "the severity {name} is not known; write blocking or nit"
            self._wrong(number, message(problem, name=repr(found["severity"])))
        elif not first or last < first:
            self._wrong(number, "lines are counted from 1, and a range begins with its first line")
        else:
            kind, text = Severity(severity), found["text"].strip()
            self.comments.append(Comment(number, found["path"], first, last, kind, text))
        self.is_open = True

    def _goes_on(self, line: str) -> bool:
        """Return whether `line` goes on with the last comment."""
        if not self.comments or _NEARLY.match(line):
            return False
        return (self.is_open and not _BULLET.match(line)) or line.startswith((" ", "\t"))

    def _wrong(self, number: int, problem: str) -> None:
        self.mistakes.append(Mistake(self.path, number, problem))


def _text_of(path: Path) -> str:
    back = "Take it back: `git checkout main -- review.md`. Or make the task again elsewhere."
    if not path.is_file():
        raise UserError(message("There is no file {path}.", path=path), hint=back)
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UserError(
            message("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None
    if len(content) > _MAX_BYTES:
        raise UserError(
            message("{path} is larger than {most} bytes.", path=path, most=_MAX_BYTES),
            hint="Write a verdict and a line for each comment.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(
            message("{path}:{line}: is not UTF-8.", path=path, line=line),
            hint="Save the file as UTF-8.",
        ) from None
