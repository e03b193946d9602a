"""How an answer violates the contract: a field of an object that is missing, or one too many."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worksample.messages import message

_MISSING_IN_SCHEMA = re.compile(r"^([\w.]+|the body): \"?\"([^\"]+)\" is a required property")
_EXTRA_IN_SCHEMA = re.compile(
    r"^([\w.]+|the body): \"?Additional properties are not allowed \(\'([^\']+)\'"
)
_MISSING_FIELD = re.compile(r"^`([\w.]+)` in the response$")


@dataclass(frozen=True, slots=True)
class Violation:
    """A field that is missing in an object, or one that the contract does not have (`extra`).

    `owner` is the name of the object ("author"), empty for the body itself.
    """

    owner: str
    field: str
    extra: bool = False

    @property
    def key(self) -> str:
        """The same for the same field of the same object in any answer."""
        return f"{self.owner}.{self.field} {'extra' if self.extra else 'missing'}"

    def __str__(self) -> str:
        """Return "answers without `token` in `user`"."""
        if self.extra:
            template = "answers with `{field}` in `{owner}`, which the contract does not have"
        else:
            template = "answers without `{field}` in `{owner}`"
        return message(template, field=self.field, owner=self.owner or "the body")


def violation_of(expected: str, actual: str) -> Violation | None:
    """Return what a finding says of a field; None if it is about something else.

    `expected` is "`user.token` in the response", or `actual` the words of a schema validator.
    """
    if found := _MISSING_FIELD.match(expected):
        owner, _, field = found[1].rpartition(".")
        return Violation(_object(owner), field)
    for pattern, extra in ((_MISSING_IN_SCHEMA, False), (_EXTRA_IN_SCHEMA, True)):
        if found := pattern.match(actual):
            return Violation(_object("" if found[1] == "the body" else found[1]), found[2], extra)
    return None


def _object(path: str) -> str:
    """Return the name of the object at `path`: "comment" for `comments.0`."""
    *parents, last = path.split(".")
    if last.isdigit() and parents:
        return parents[-1].removesuffix("s")
    return last
