"""How an answer violates the contract: a field is missing, one too many, or has a wrong value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from worksample.messages import message

_IN_SCHEMA = re.compile(r"^a response that matches the schema")
_MISSING_FIELD = re.compile(r"^`([\w.]+)` in the response$")
_VIOLATION = re.compile(r"^(the body|[\w.$-]+): (.+)$", re.DOTALL)
_REQUIRED = re.compile(r"^\"*([^\"]+)\"+ is a required property")
_EXTRA = re.compile(r"Additional properties are not allowed \('([^']+)'")
#: The rule that a value breaks, without the value itself.
_RULE = re.compile(r"\b(?:is|does|has|should|was|were) .*", re.DOTALL)


class Wrong(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    EXTRA = "extra"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with `field` of the object `owner` (empty for the body itself).

    `rule` says which rule a wrong value breaks: "is not of type "string"".
    """

    owner: str
    field: str
    wrong: Wrong
    rule: str = ""

    @property
    def key(self) -> str:
        """The same for the same field of the same object in any answer."""
        return " ".join((f"{self.owner}.{self.field}", self.wrong, self.rule))

    def __str__(self) -> str:
        """Return "answers without `token` in `user`"."""
        named = {"field": self.field, "owner": self.owner or "the body", "rule": self.rule}
        if self.wrong is Wrong.MISSING:
            return message("answers without `{field}` in `{owner}`", **named)
        if self.wrong is Wrong.VALUE:
            return message("answers with a `{field}` in `{owner}` that {rule}", **named)
        return message(
            "answers with `{field}` in `{owner}`, which the contract does not have", **named
        )


def violation_of(expected: str, actual: str) -> Violation | None:
    """Return what a finding says of a field; None if it is about something else.

    `expected` is "`user.token` in the response", or `actual` the words of a schema validator.
    """
    if found := _MISSING_FIELD.match(expected):
        *parents, field = found[1].split(".")
        return Violation(_object(parents), field, Wrong.MISSING)
    line = _VIOLATION.match(actual) if _IN_SCHEMA.match(expected) else None
    if line is None:
        return None
    path = [] if line[1] == "the body" else line[1].split(".")
    if found := _REQUIRED.match(line[2]):
        return Violation(_object(path), found[1], Wrong.MISSING)
    if found := _EXTRA.search(line[2]):
        return Violation(_object(path), found[1], Wrong.EXTRA)
    rule = _RULE.search(line[2])
    field = path[-1] if path else ""
    return Violation(_object(path[:-1]), field, Wrong.VALUE, rule[0] if rule else line[2])


def _object(path: list[str]) -> str:
    """Return the name of the object at `path`: "comment" for `comments.0`."""
    if len(path) > 1 and path[-1].isdigit():
        return path[-2].removesuffix("s")
    return path[-1] if path else ""
