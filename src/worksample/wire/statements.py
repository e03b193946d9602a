"""The statements and portals that a connection has named, and how messages name them."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from worksample.wire.framing import ProtocolError
from worksample.wire.round_trips import RoundTrip, Statement

MAX_SQL = 4000
MAX_NAMES = 2000

_short = Struct(">H").unpack_from


@dataclass(slots=True, eq=False)
class PreparedStatement:
    """A statement that was parsed; `listed` is how the round trip `of` that parsed it lists it."""

    sql: str
    types: tuple[int, ...] = ()
    listed: Statement | None = None
    of: RoundTrip | None = None


@dataclass(slots=True, eq=False)
class Portal:
    """A statement with its values; `listed` is how the round trip `of` that bound it lists it."""

    prepared: PreparedStatement
    parameters: int | None
    listed: Statement | None = None
    of: RoundTrip | None = None


UNKNOWN_SQL = "(a statement whose text is not known)"


class SessionStatements:
    """The prepared statements and portals of one connection; those unused for long are forgotten.

    Names are bytes, as sent. A message that breaks off in a name raises `ProtocolError`.
    """

    __slots__ = ("portals", "prepared")

    def __init__(self) -> None:
        self.prepared: dict[bytes, PreparedStatement] = {}
        self.portals: dict[bytes, Portal] = {}

    def parse(self, name: bytes, prepared: PreparedStatement | None) -> PreparedStatement | None:
        """Name a statement (or, for None, forget it) and return what had the name before."""
        before = self.prepared.pop(name, None)
        if prepared is not None:
            self.prepared[name] = prepared
            if len(self.prepared) > MAX_NAMES:
                del self.prepared[next(iter(self.prepared))]
        return before

    def find(self, name: bytes) -> PreparedStatement:
        """Return the statement called `name`, a placeholder if it is not known."""
        found = self.prepared.get(name)
        if found is None:
            return PreparedStatement(UNKNOWN_SQL)
        if len(self.prepared) > MAX_NAMES // 2:
            self.prepared[name] = self.prepared.pop(name)
        return found

    def bind(self, name: bytes, portal: Portal) -> None:
        """Name a portal."""
        self.portals.pop(name, None)
        self.portals[name] = portal
        if len(self.portals) > MAX_NAMES:
            del self.portals[next(iter(self.portals))]

    def portal(self, name: bytes) -> Portal:
        """Return the portal called `name`, a placeholder if it is not known."""
        return self.portals.get(name) or Portal(PreparedStatement(UNKNOWN_SQL), None)

    def close(self, data: bytes, at: int, end: int) -> None:
        """Forget what a Close message names."""
        name, _ = read_name(data, at + 1, end)
        if data[at : at + 1] == b"S":
            self.prepared.pop(name, None)
        else:
            self.portals.pop(name, None)


def read_name(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """Return the name that begins at `at`, and the position behind its zero."""
    stop = data.find(0, at, end)
    if stop < 0:
        raise ProtocolError("a name without an end")
    return data[at:stop], stop + 1


def read_text(data: bytes, at: int, end: int) -> str:
    """Return the text that begins at `at`, cut where it is too long to be kept."""
    stop = data.find(0, at, end)
    stop = min(end if stop < 0 else stop, at + MAX_SQL)
    return data[at:stop].decode("utf-8", "replace")


def read_types(data: bytes, at: int, end: int) -> tuple[int, ...]:
    """Return the type oids that a Parse or a ParameterDescription lists from `at`, () if cut."""
    if at + 2 > end:
        return ()
    count = _short(data, at)[0]
    if not count or at + 2 + 4 * count > end:
        return ()
    found: tuple[int, ...] = Struct(f">{count}I").unpack_from(data, at + 2)
    return found


def parameter_count(data: bytes, at: int, end: int) -> int | None:
    """Return how many values a Bind carries (`at`: behind its names), None if that is cut off."""
    if at + 2 > end:
        return None
    at += 2 + 2 * _short(data, at)[0]
    return _short(data, at)[0] if at + 2 <= end else None
