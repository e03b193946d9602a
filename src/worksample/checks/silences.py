"""Kinds of request that a server leaves without an answer, so that not every check waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worksample.checks.request_kinds import RequestKinds
from worksample.probes.exchange import Exchange, Request, Trouble

#: After so many requests of a kind without an answer, and none with one, no more are sent beside
#: others; after so many checks that got none alone, none is sent again.
ENOUGH = 2
# A timer may expire a little early.
_NEARLY = 0.95


@dataclass(slots=True)
class _Unanswered:
    """Requests of one kind or one operation that had no answer.

    `kinds` are their kinds, `count` is how many had none beside others; `alone` holds the checks
    that had none alone, by kind.
    """

    count: int = 0
    kinds: set[str] = field(default_factory=set)
    alone: list[tuple[str, str]] = field(default_factory=list)


class Silences:
    """Which kinds of request get no answer in time: suspected beside others, proven alone.

    A kind is suspected once `ENOUGH` of its requests had no answer and none had one. It is proven
    once `ENOUGH` checks had none while nothing else was asked; the first of these checks is the
    cause of the others. The same goes for an operation with requests of `ENOUGH` kinds. `limit` is
    the time limit of a usual request, in seconds.
    """

    def __init__(self, kinds: RequestKinds, limit: float) -> None:
        self._names, self._limit = kinds, limit
        self._kinds: dict[str, _Unanswered] = {}
        self._operations: dict[str, _Unanswered] = {}
        self._answered: set[str] = set()

    def record(self, exchange: Exchange) -> None:
        """Take note of an exchange with the target, which nothing but other checks disturbed."""
        request = exchange.request
        if exchange.trouble is Trouble.TIMEOUT and exchange.seconds >= self._limit * _NEARLY:
            for each in self._of(request):
                each.count += 1
        elif exchange.trouble is None:
            self._answered.add(self._names.operation_of(request))
            if self._kinds:
                self._answered.add(self._names.kind_of(request))

    def record_alone(self, request: Request, check_id: str) -> None:
        """Take note that this check failed alone, because `request` had no answer."""
        for each in self._of(request):
            each.alone.append((self._names.kind_of(request), check_id))

    def cause(self, request: Request) -> str:
        """Return the id of the check that proves that such requests have no answer, or empty."""
        for known, least in self._known(request):
            kinds = {kind for kind, _ in known.alone}
            if len(known.alone) >= ENOUGH and len(kinds) >= least:
                return known.alone[0][1]
        return ""

    def is_suspected(self, request: Request) -> bool:
        """Whether such requests had no answer several times, and never one."""
        return any(
            known.count >= ENOUGH and len(known.kinds) >= least
            for known, least in self._known(request)
        )

    def _known(self, request: Request) -> Iterable[tuple[_Unanswered, int]]:
        """Yield what is known of kind and operation, if unanswered, and how many kinds it takes."""
        if self._kinds:
            yield from self._find(self._kinds, self._names.kind_of(request), 1)
            yield from self._find(self._operations, self._names.operation_of(request), ENOUGH)

    def _find(
        self, known: Mapping[str, _Unanswered], name: str, least: int
    ) -> Iterable[tuple[_Unanswered, int]]:
        if name in known and name not in self._answered:
            yield known[name], least

    def _of(self, request: Request) -> Iterable[_Unanswered]:
        kind, operation = self._names.kind_of(request), self._names.operation_of(request)
        found = (
            self._kinds.setdefault(kind, _Unanswered()),
            self._operations.setdefault(operation, _Unanswered()),
        )
        for each in found:
            each.kinds.add(kind)
        return found
