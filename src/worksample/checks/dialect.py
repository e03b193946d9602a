"""What servers of the same contract do differently, learned once so that it is said once.

A meaning ("created", "taken") stands for the statuses that the contract gives it. What a server
answers instead is learned before the checks, judged by one contract check each, and then accepted
everywhere else: meaning is judged many times, wording once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Meaning(StrEnum):
    """What an answer says, whatever number it says it with."""

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

#: The statuses by which HTTP semantics (RFC 9110, section 15) express each meaning.
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
    """How this server spells the contract: path prefix, token scheme, statuses by meaning.

    `allowed` holds the statuses that the contract allows for a meaning, with what the public
    specification leaves open and what the workspace declares; `observed` what the server was seen
    to answer instead; `notes` say the differences, for the report.
    """

    prefix: str = ""
    scheme: str = "Bearer"
    allowed: Mapping[Meaning, Statuses] = field(default_factory=lambda: dict(STANDARD_STATUSES))
    observed: Mapping[Meaning, Statuses] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def accepts(self, meaning: Meaning) -> Statuses:
        """Return the status codes that mean `meaning` on this server."""
        return self.allowed[meaning] | self.observed.get(meaning, frozenset())

    def with_allowed(self, meaning: Meaning, *statuses: int) -> Dialect:
        """Return a dialect in which the contract allows `statuses` for `meaning` too."""
        grown = {**self.allowed, meaning: self.allowed[meaning] | set(statuses)}
        return replace(self, allowed=grown)

    def with_observed(self, meaning: Meaning, status: int) -> Dialect:
        """Return a dialect in which this server's `status` means `meaning` too."""
        known = self.observed.get(meaning, frozenset())
        return replace(self, observed={**self.observed, meaning: known | {status}})

    def with_note(self, sentence: str) -> Dialect:
        """Return a dialect whose report says `sentence` as well."""
        return replace(self, notes=(*self.notes, sentence))
