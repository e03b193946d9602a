"""What client and server offer each other when they greet, and what Worksample takes away.

The numbers are those of https://mariadb.com/kb/en/connection/#capabilities.
"""

from __future__ import annotations

from worksample.wire.mysql.framing import HEADER_SIZE
from worksample.wire.protocol import ProtocolError

MYSQL = 1 << 0
COMPRESS = 1 << 5
LOCAL_FILES = 1 << 7
TLS = 1 << 11
ZSTD = 1 << 26
DEPRECATE_EOF = 1 << 24
#: Of MariaDB, in bytes of their own; here the higher 32 bits.
PROGRESS = 1 << 32
CACHE_METADATA = 1 << 36

#: Compressed or encrypted packets cannot be read, and files of the client are none of the server's.
DECLINED = COMPRESS | LOCAL_FILES | TLS | ZSTD

PROTOCOL_VERSION = 10
SALT_SIZE = 8
#: From the end of the first salt: a zero byte, then the lower capabilities, then these.
_UPPER, _OF_MARIADB = 5, 14
_LONG_RESPONSE = 32


def declining_greeting(packet: bytes) -> tuple[bytes, int, int]:
    """Return the server's greeting without `DECLINED`, its capabilities, and the session's number.

    `packet` includes the header. Raises `ProtocolError` if it is no greeting of protocol 10.
    """
    end = packet.find(0, HEADER_SIZE + 1)
    lower = end + 1 + 4 + SALT_SIZE + 1
    if packet[HEADER_SIZE : HEADER_SIZE + 1] != bytes([PROTOCOL_VERSION]) or end < 0:
        raise ProtocolError("the database did not greet as MySQL does (protocol 10)")
    if len(packet) < lower + _OF_MARIADB + 4:
        raise ProtocolError("the database's greeting is too short")
    edited = bytearray(packet)
    _clear(edited, lower, DECLINED & 0xFFFF, 2)
    _clear(edited, lower + _UPPER, DECLINED >> 16, 2)
    offered = int.from_bytes(edited[lower : lower + 2], "little")
    offered |= int.from_bytes(edited[lower + _UPPER : lower + _UPPER + 2], "little") << 16
    if not offered & MYSQL:
        own = lower + _OF_MARIADB
        offered |= int.from_bytes(edited[own : own + 4], "little") << 32
    return bytes(edited), offered, int.from_bytes(packet[end + 1 : end + 5], "little")


def declining_response(packet: bytes) -> tuple[bytes, int]:
    """Return the client's response to the greeting without `LOCAL_FILES`, and its capabilities.

    Those that it takes although they were not offered stay: it will use them all the same.
    """
    edited = bytearray(packet)
    payload = packet[HEADER_SIZE:]
    wanted = int.from_bytes(payload[:4], "little")
    if not wanted & MYSQL and len(payload) >= _LONG_RESPONSE:
        wanted |= int.from_bytes(payload[28:32], "little") << 32
    _clear(edited, HEADER_SIZE, LOCAL_FILES, 4)
    return bytes(edited), wanted & ~LOCAL_FILES


def _clear(packet: bytearray, at: int, flags: int, size: int) -> None:
    value = int.from_bytes(packet[at : at + size], "little") & ~flags
    packet[at : at + size] = value.to_bytes(size, "little")
