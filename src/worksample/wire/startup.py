"""How a connection begins: the packets without a kind that come before all others.

https://www.postgresql.org/docs/current/protocol-message-formats.html (StartupMessage, SSLRequest,
GSSENCRequest, CancelRequest); the limit is MAX_STARTUP_PACKET_LENGTH of src/include/libpq/pqcomm.h.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from struct import Struct

LONGEST = 10_000
HEADER = 8
CANCEL, TLS, GSS = 80877102, 80877103, 80877104
VERSION_3 = 3
TLS_HANDSHAKE = 0x16

_header = Struct(">II").unpack_from


class Wish(Enum):
    """What a client wants first."""

    TALK = auto()
    ENCRYPT = auto()
    CANCEL = auto()
    UNKNOWN = auto()
    MORE = auto()


@dataclass(frozen=True, slots=True)
class Opening:
    """The first packet: what it wants, its length in bytes and, for TALK, its parameters.

    MORE means that it is not complete, UNKNOWN that it must be passed on without being followed:
    another version of the protocol, a replication connection, TLS without asking, or no PostgreSQL.
    """

    wish: Wish
    length: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    why: str = ""


def read_opening(data: bytes) -> Opening:
    """Say what the first bytes of a client are."""
    if data[:1] == bytes([TLS_HANDSHAKE]):
        return Opening(Wish.UNKNOWN, why="it begins with TLS, without asking first")
    if len(data) < HEADER:
        return Opening(Wish.MORE)
    length, code = _header(data)
    if not HEADER <= length <= LONGEST:
        return Opening(Wish.UNKNOWN, why=f"its first packet claims {length} bytes")
    if len(data) < length:
        return Opening(Wish.MORE)
    if code in (TLS, GSS):
        return Opening(Wish.ENCRYPT, length)
    if code == CANCEL:
        return Opening(Wish.CANCEL, length)
    return _talk(data, length, code)


def _talk(data: bytes, length: int, code: int) -> Opening:
    if code >> 16 != VERSION_3:
        version = f"{code >> 16}.{code & 0xFFFF}"
        return Opening(Wish.UNKNOWN, why=f"it speaks version {version} of the protocol")
    fields = data[HEADER:length].decode("utf-8", "replace").split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    parameters = {name: value for name, value in pairs if name}
    if parameters.get("replication", "false") not in ("false", "off", "no", "0"):
        return Opening(Wish.UNKNOWN, length, parameters, "it is a replication connection")
    return Opening(Wish.TALK, length, parameters)
