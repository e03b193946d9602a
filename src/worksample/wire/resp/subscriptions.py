"""The subscriptions of a connection: which messages of the server are no replies.

In RESP2 they are arrays like any other; in RESP3 they have a type of their own, but confirmations
take the place of a reply in both.
"""

from __future__ import annotations

_PREFIXES = (b"", b"p", b"s")
_CONFIRMATIONS = frozenset(
    prefix + word for prefix in _PREFIXES for word in (b"subscribe", b"unsubscribe")
)
_DELIVERIES = frozenset(prefix + b"message" for prefix in _PREFIXES)
_SHARD = b"s"


class Subscriptions:
    """How many channels (b""), patterns (b"p") and shard channels (b"s") are subscribed to."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_PREFIXES, 0)

    def confirms(self, text: bytes, *, subscribing: bool) -> bool:
        """Whether a message that begins with `text` confirms a subscription, or its end."""
        return text in _CONFIRMATIONS and (subscribing or self._any)

    def delivers(self, text: bytes) -> bool:
        """Whether a message that begins with `text` is one of those subscribed to."""
        return text in _DELIVERIES and self._any

    def expected(self, kind: bytes, arguments: int) -> int:
        """Return how many confirmations follow a command with so many channels."""
        return arguments or max(self._counts[_prefix(kind)], 1)

    def update(self, kind: bytes, total: int) -> None:
        """Note a confirmation; `total` is the number of subscriptions that it tells."""
        prefix = _prefix(kind)
        counted = (_SHARD,) if prefix == _SHARD else (b"", b"p")
        change = total - sum(self._counts[each] for each in counted)
        self._counts[prefix] = max(self._counts[prefix] + change, 0)

    @property
    def _any(self) -> bool:
        return any(self._counts.values())


def _prefix(kind: bytes) -> bytes:
    """Return the kind of subscription that `subscribe`, `punsubscribe` and so on are about."""
    return next(
        each for each in (b"p", b"s", b"") if kind.startswith((each + b"subs", each + b"unsubs"))
    )
