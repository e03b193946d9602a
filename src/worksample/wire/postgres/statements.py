"""Prepared statements and portals of a connection, and the fields that name them in messages."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from worksample.wire.protocol import ProtocolError
from worksample.wire.round_trips import RoundTrip, Statement

MAX_SQL = 4000
MAX_NAMES = 2000

_short = Struct(">H").unpack_from


@dataclass(slots=True, eq=False)
class PreparedStatement:
    """A parsed statement; `statement` is its entry in the round trip `trip` that parsed it."""

    sql: str
    types: tuple[int, ...] = ()
    statement: Statement | None = None
    trip: RoundTrip | None = None


@dataclass(slots=True, eq=False)
class Portal:
    """A bound statement; `statement` is its entry in the round trip `trip` that bound it."""

    prepared: PreparedStatement
    parameters: int | None
    statement: Statement | None = None
    trip: RoundTrip | None = None


UNKNOWN_SQL = "(statement with unknown text)"


class SessionStatements:
    """The prepared statements and portals of one connection, bounded by eviction.

    Names are bytes, as sent. A message that ends within a name raises `ProtocolError`.
    """

    __slots__ = ("portals", "prepared")

    def __init__(self) -> None:
        self.prepared: dict[bytes, PreparedStatement] = {}
        self.portals: dict[bytes, Portal] = {}

    def parse(self, name: bytes, prepared: PreparedStatement | None) -> PreparedStatement | None:
        """Store a statement (for None: remove it) and return the previous one of that name."""
        before = self.prepared.pop(name, None)
        if prepared is not None:
            self.prepared[name] = prepared
            if len(self.prepared) > MAX_NAMES:
                del self.prepared[next(iter(self.prepared))]
        return before

    def find(self, name: bytes) -> PreparedStatement:
        """Return the statement called `name`, a placeholder if it is unknown."""
        found = self.prepared.get(name)
        if found is None:
            return PreparedStatement(UNKNOWN_SQL)
        if len(self.prepared) > MAX_NAMES // 2:
            self.prepared[name] = self.prepared.pop(name)
        return found

    def bind(self, name: bytes, portal: Portal) -> None:
        """Store a portal."""
        self.portals.pop(name, None)
        self.portals[name] = portal
        if len(self.portals) > MAX_NAMES:
            del self.portals[next(iter(self.portals))]

    def portal(self, name: bytes) -> Portal:
        """Return the portal called `name`, a placeholder if it is unknown."""
        return self.portals.get(name) or Portal(PreparedStatement(UNKNOWN_SQL), None)

    def close(self, data: bytes, at: int, end: int) -> None:
        """Remove the statement or portal that a Close message names."""
        name, _ = read_name(data, at + 1, end)
        if data[at : at + 1] == b"S":
            self.prepared.pop(name, None)
        else:
            self.portals.pop(name, None)


def read_name(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """Return the zero-terminated name at `at`, and the position after it."""
    stop = data.find(0, at, end)
    if stop < 0:
        raise ProtocolError("a name without a terminating zero byte")
    return data[at:stop], stop + 1


def read_text(data: bytes, at: int, end: int) -> str:
    """Return the text at `at`, truncated to `MAX_SQL` bytes."""
    stop = data.find(0, at, end)
    stop = min(end if stop < 0 else stop, at + MAX_SQL)
    return data[at:stop].decode("utf-8", "replace")


def read_types(data: bytes, at: int, end: int) -> tuple[int, ...]:
    """Return the type OIDs listed at `at` in a Parse or ParameterDescription, () if truncated."""
    if at + 2 > end:
        return ()
    count = _short(data, at)[0]
    if not count or at + 2 + 4 * count > end:
        return ()
    found: tuple[int, ...] = Struct(f">{count}I").unpack_from(data, at + 2)
    return found


def parameter_count(data: bytes, at: int, end: int) -> int | None:
    """Return the number of values of a Bind (`at`: after its names), None if truncated."""
    if at + 2 > end:
        return None
    at += 2 + 2 * _short(data, at)[0]
    return _short(data, at)[0] if at + 2 <= end else None
