"""Parse the startup packets, which have no type byte and precede all other messages.

https://www.postgresql.org/docs/current/protocol-message-formats.html (StartupMessage, SSLRequest,
GSSENCRequest, CancelRequest); the limit is MAX_STARTUP_PACKET_LENGTH of src/include/libpq/pqcomm.h.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from struct import Struct

from worksample.messages import message

MAX_PACKET = 10_000
HEADER_SIZE = 8
CANCEL, TLS, GSS = 80877102, 80877103, 80877104
VERSION_3 = 3
TLS_HANDSHAKE = 0x16

_header = Struct(">II").unpack_from


class StartupKind(Enum):
    """The kind of a startup packet."""

    STARTUP = auto()
    ENCRYPTION = auto()
    CANCEL = auto()
    DIRECT_TLS = auto()
    UNSUPPORTED = auto()
    INCOMPLETE = auto()


@dataclass(frozen=True, slots=True)
class StartupPacket:
    """A startup packet: its kind, its length in bytes and, for STARTUP, its parameters.

    INCOMPLETE means that more bytes are required. UNSUPPORTED and DIRECT_TLS mean that the
    connection must be forwarded without being parsed, for `reason`: another protocol version, a
    replication connection, another protocol; or a TLS handshake without SSLRequest.
    """

    kind: StartupKind
    length: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    reason: str = ""


def read_startup_packet(data: bytes) -> StartupPacket:
    """Return the packet at the beginning of `data`, the first bytes that a client sent."""
    if data[:1] == bytes([TLS_HANDSHAKE]):
        return StartupPacket(
            StartupKind.DIRECT_TLS, reason="it starts with a TLS handshake instead of SSLRequest"
        )
    if len(data) < HEADER_SIZE:
        return StartupPacket(StartupKind.INCOMPLETE)
    length, code = _header(data)
    if not HEADER_SIZE <= length <= MAX_PACKET:
        return StartupPacket(
            StartupKind.UNSUPPORTED,
            reason=message("its startup packet claims a length of {length} bytes", length=length),
        )
    if len(data) < length:
        return StartupPacket(StartupKind.INCOMPLETE)
    if code in (TLS, GSS):
        return StartupPacket(StartupKind.ENCRYPTION, length)
    if code == CANCEL:
        return StartupPacket(StartupKind.CANCEL, length)
    return _startup(data, length, code)


def _startup(data: bytes, length: int, code: int) -> StartupPacket:
    if code >> 16 != VERSION_3:
        version = f"{code >> 16}.{code & 0xFFFF}"
        return StartupPacket(
            StartupKind.UNSUPPORTED,
            reason=message("it uses protocol version {version}, not 3.x", version=version),
        )
    fields = data[HEADER_SIZE:length].decode("utf-8", "replace").split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    parameters = {name: value for name, value in pairs if name}
    if parameters.get("replication", "false") not in ("false", "off", "no", "0"):
        return StartupPacket(
            StartupKind.UNSUPPORTED, length, parameters, "it is a replication connection"
        )
    return StartupPacket(StartupKind.STARTUP, length, parameters)
