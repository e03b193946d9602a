"""How a server spells the contract: detected once per run, so that each difference fails once.

A `Meaning` ("created", "taken") stands for the statuses that the contract gives it. If a server
answers with another status, Worksample detects that before the checks; one contract check fails
for it, and all other checks accept the status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Meaning(StrEnum):
    """What a response means, whatever its status."""

    OK = "ok"
    CREATED = "created"
    DELETED = "deleted"
    UNAUTHENTICATED = "unauthenticated"
    BAD_LOGIN = "wrong credentials"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    INVALID = "invalid"
    TAKEN = "taken"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"


Statuses = frozenset[int]

#: The statuses for each meaning by RFC 9110, section 15.
STANDARD_STATUSES: Mapping[Meaning, Statuses] = {
    Meaning.OK: frozenset({200}),
    Meaning.CREATED: frozenset({201}),
    Meaning.DELETED: frozenset({204}),
    Meaning.UNAUTHENTICATED: frozenset({401}),
    Meaning.BAD_LOGIN: frozenset({401}),
    Meaning.FORBIDDEN: frozenset({403}),
    Meaning.MISSING: frozenset({404}),
    Meaning.INVALID: frozenset({422}),
    Meaning.TAKEN: frozenset({422}),
    Meaning.MALFORMED: frozenset({400, 422}),
    Meaning.TOO_LARGE: frozenset({413}),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one server spells the contract.

    prefix: the base path of all operations.
    scheme: the scheme of the Authorization header.
    allowed: by meaning, the statuses that the contract, the public specification and
        `worksample.toml` allow.
    observed: by meaning, further statuses that the server uses.
    notes: the differences in words, for the report.
    """

    prefix: str = ""
    scheme: str = "Bearer"
    allowed: Mapping[Meaning, Statuses] = field(default_factory=lambda: dict(STANDARD_STATUSES))
    observed: Mapping[Meaning, Statuses] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def accepts(self, meaning: Meaning) -> Statuses:
        """Return the statuses that express `meaning` on this server: allowed and observed."""
        return self.allowed[meaning] | self.observed.get(meaning, frozenset())

    def with_allowed(self, meaning: Meaning, *statuses: int) -> Dialect:
        """Return a copy in which the contract also allows `statuses` for `meaning`."""
        allowed = {**self.allowed, meaning: self.allowed[meaning] | set(statuses)}
        return replace(self, allowed=allowed)

    def with_observed(self, meaning: Meaning, status: int) -> Dialect:
        """Return a copy in which the server also uses `status` for `meaning`."""
        known = self.observed.get(meaning, frozenset())
        return replace(self, observed={**self.observed, meaning: known | {status}})

    def with_note(self, sentence: str) -> Dialect:
        """Return a copy with `sentence` added to the notes."""
        return replace(self, notes=(*self.notes, sentence))
