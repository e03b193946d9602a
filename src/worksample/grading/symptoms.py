"""What goes wrong in a finding, in the kinds that can be recognised across checks.

Every symptom has a `key`: findings with the same key have one cause. `vague` is a coarser key, for
findings that do not show the error itself: it says only where and how the server failed. `title`
names the cause by what is wrong, given the first operation that shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from worksample.checks import BAD_TOKEN
from worksample.grading.violations import Violation
from worksample.messages import join_or, message, plural

#: Words with a digit: values that checks generate for each run, or servers for each request.
_GENERATED = re.compile(r"[\w@.+-]*\d[\w@.+-]*")
#: The value that an error message quotes last: `invalid input for integer: "abc"`.
_QUOTED_VALUE = re.compile(r"(\w\S*): (?:\"[^\"]*\"|'[^']*')$")
#: A character as an error message shows it: `can't encode character '\\xe9'`.
_ESCAPE = re.compile(r"\\(?:[xuU][0-9a-fA-F]+|N\{[^}]*\})")
_PLACE = re.compile(r"^.*?([^/\s:]+:\d+): ")
_STATUS = re.compile(r"\b[1-5]\d\d\b")
_MAX_WORDS = 200
_MAX_VALUE = 60
_MAX_FIELDS = 4


class Symptom(Protocol):
    """What goes wrong in a finding."""

    @property
    def key(self) -> str:
        """The key of its cause; empty if the finding does not tell the cause."""

    @property
    def vague(self) -> str:
        """Where and how the server failed; empty if that tells nothing."""

    def title(self, operation: str) -> str:
        """Return what is wrong in one line; empty if the title of the check says it best."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx. `error` is what the server logged for it, `text` the response body.

    `difference` says how the request differs from those that work; `inputs` names hostile inputs
    that were added to a request that works.
    """

    operation: str
    status: int
    text: str
    error: str = ""
    difference: str = ""
    inputs: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The logged error, whatever the operation; for a bad token only where it was raised.

        What a library says of a token depends on what is wrong with it.
        """
        place = _PLACE.match(self.error)
        if self.difference == BAD_TOKEN and place:
            return f"error {place[1]} {BAD_TOKEN}"
        return f"error {error_shape(self.error)}" if self.error else ""

    @property
    def vague(self) -> str:
        """Operation, status and error text; for a bad token or a hostile input any operation."""
        where = self.operation
        if self.difference == BAD_TOKEN or self.inputs:
            where = BAD_TOKEN if self.difference == BAD_TOKEN else "; ".join(self.inputs)
        return f"{where} {self.status} {without_generated(self.text)}"

    def title(self, operation: str) -> str:
        """Return "PUT /api/user without `password` answers 500: KeyError: 'password'"."""
        request = f"{operation} {self.difference}".strip()
        if self.inputs and self.difference != BAD_TOKEN:
            request = with_inputs(operation, self.inputs)
        error = _PLACE.sub("", self.error)
        if not error:
            return message("{request} answers {status}", request=request, status=self.status)
        return message(
            "{request} answers {status}: {error}", request=request, status=self.status, error=error
        )


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A request gets no answer, in the way that `trouble` says.

    `asked` is the operation and what the request looks like, empty if that is not the cause;
    `inputs` names hostile inputs that were added to a request that works.
    """

    trouble: str
    asked: str = ""
    inputs: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The trouble and the request; of hostile inputs, whatever the operation."""
        return "; ".join((self.trouble, *(self.inputs or (self.asked,))))

    vague = ""

    def title(self, operation: str) -> str:
        """Return "POST /api/articles with a text of 2 MB: no complete answer in time"."""
        request = with_inputs(operation, self.inputs) if self.inputs else operation
        return message("{request}: {trouble}", request=request, trouble=self.trouble)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A hostile request succeeds that must be refused."""

    operation: str
    status: int
    inputs: Sequence[str]

    @property
    def key(self) -> str:
        """The inputs, whatever the operation."""
        return f"accepted {'; '.join(self.inputs)}"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "POST /api/users with an empty body answers 201 instead of 4xx"."""
        return _instead(with_inputs(operation, self.inputs), self.status, "4xx")


@dataclass(frozen=True, slots=True)
class OtherSuccess:
    """A request succeeds with another status than the contract has."""

    operation: str
    status: int
    wanted: str

    @property
    def key(self) -> str:
        """The operation and its status."""
        return f"{self.operation} answers {self.status} for success"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "POST /api/users/login answers 201 instead of 200"."""
        return _instead(operation, self.status, self.wanted)


@dataclass(frozen=True, slots=True)
class Refused:
    """A valid request is refused (4xx), in these words.

    `absent` holds the fields that the server asks for and the request may leave out.
    """

    operation: str
    status: int
    words: str
    absent: Sequence[str] = ()

    @property
    def key(self) -> str:
        """Operation, status and words."""
        return f"{self.operation} {self.status} {without_generated(self.words)}"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "PUT /api/articles/* refuses a request without `title`: 422, is required"."""
        words = {"operation": operation, "status": self.status, "words": self.words}
        if self.absent:
            fields = join_or(f"`{name}`" for name in self.absent)
            template = "{operation} refuses a request without {fields}: {status} {words}"
            return message(template, fields=fields, **words)
        return message("{operation} refuses a valid request: {status} {words}", **words)


@dataclass(frozen=True, slots=True)
class OtherRefusal:
    """A request is refused with another status than the contract has."""

    operation: str
    status: int
    wanted: str

    @property
    def key(self) -> str:
        """Operation, status, and the statuses that were expected."""
        return f"{self.operation} {self.status} instead of {self.wanted}"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "DELETE /api/articles/* answers 404 instead of 403"."""
        return _instead(operation, self.status, self.wanted)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A request succeeds that must be refused; `because` is why.

    What only an owner may do, or someone signed in, has one cause in an operation; any other
    missing rule is a cause of its own.
    """

    operation: str
    status: int
    wanted: str
    because: str

    @property
    def key(self) -> str:
        """The operation and the right that is missing, if it is one."""
        rights = sorted({"401", "403"} & set(_STATUS.findall(self.wanted)))
        return f"{self.operation} is allowed without {' '.join(rights)}" if rights else ""

    vague = ""

    def title(self, operation: str) -> str:
        """Return "DELETE /api/articles/* answers 204 instead of 403: it is not theirs"."""
        told = _instead(operation, self.status, self.wanted)
        if not self.because:
            return told
        return message("{told}: {because}", told=told, because=self.because)


@dataclass(frozen=True, slots=True)
class WrongShape:
    """An answer has a field too many or too few."""

    violation: Violation

    @property
    def key(self) -> str:
        """What is wrong with which object, whatever the operation."""
        return f"shape {self.violation.key}"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "POST /api/users answers without `token` in `user`"."""
        return message("{operation} {wrong}", operation=operation, wrong=str(self.violation))


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A value of an answer is wrong, `subject` names it."""

    operation: str
    subject: str
    wanted: str
    got: str

    @property
    def key(self) -> str:
        """The operation and the value."""
        return f"{self.operation} {without_generated(self.subject)}"

    vague = ""

    def title(self, operation: str) -> str:
        """Return "GET /api/articles: articlesCount: expected 16, got 1".

        Of two objects, only the fields that differ are named.
        """
        if fields := _differing(self.wanted, self.got):
            return message(
                "{operation}: {subject}: wrong {fields}",
                operation=operation,
                subject=self.subject,
                fields=", ".join(f"`{name}`" for name in fields),
            )
        return message(
            "{operation}: {subject}: expected {wanted}, got {got}",
            operation=operation,
            subject=self.subject,
            wanted=_short(self.wanted),
            got=_short(self.got),
        )


@dataclass(frozen=True, slots=True)
class Keyed:
    """Anything that a key tells, and that the title of its check names best."""

    key: str
    vague: str = ""

    def title(self, operation: str) -> str:
        """Return nothing: the title of the check names it."""
        return ""


def _short(value: str) -> str:
    return value if len(value) <= _MAX_VALUE else f"{value[: _MAX_VALUE - 1]}…"


def with_inputs(operation: str, inputs: Sequence[str]) -> str:
    """Return "POST /api/users with a NUL character in `bio` (and 2 more inputs)"."""
    one = message("{operation} with {name}", operation=operation, name=inputs[0])
    if len(inputs) == 1:
        return one
    more = "{one} (and 1 more input)"
    return plural(len(inputs) - 1, more, "{one} (and {count} more inputs)", one=one)


def without_generated(text: str) -> str:
    """Return `text` with every word replaced that has a digit."""
    return _GENERATED.sub("#", text[:_MAX_WORDS])


def error_shape(error: str) -> str:
    """Return a logged error ("app/x.py:27: KeyError: 'a'") without what differs between requests.

    That is the folder of the file and the values in the message.
    """
    place = _PLACE.match(error)
    said = _ESCAPE.sub("#", _PLACE.sub("", error))
    shape = without_generated(_QUOTED_VALUE.sub(r"\1: #", said))
    return f"{place[1]} {shape}" if place else shape


def _instead(operation: str, status: int, wanted: str) -> str:
    return message(
        "{operation} answers {status} instead of {wanted}",
        operation=operation,
        status=status,
        wanted=wanted,
    )


def _differing(wanted: str, got: str) -> list[str]:
    """Return the names of the fields that differ in two objects in JSON; none for other values."""
    try:
        one, other = json.loads(wanted), json.loads(got)
    except (ValueError, RecursionError):
        return []
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return []
    return [name for name in {**one, **other} if one.get(name) != other.get(name)][:_MAX_FIELDS]
