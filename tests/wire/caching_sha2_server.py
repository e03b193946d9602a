"""A scripted server that logs in as MySQL 8 does, by caching_sha2_password without TLS.

https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PLUGIN = b"caching_sha2_password"
SALT = b"0123456789abcdefghij"
SECURE, TLS, COMPRESS, PLUGIN_AUTH = 1 << 15, 1 << 11, 1 << 5, 1 << 19
CAPABILITIES = 1 | 1 << 3 | 1 << 9 | TLS | COMPRESS | SECURE | PLUGIN_AUTH
IN_AUTOCOMMIT = 2
THREAD = 4711
OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


class CachingSha2Server:
    """Accepts one password; `cached` says whether it remembers it, so that a digest is enough.

    `logins` collects how clients came in: `fast`, `full` or `refused`.
    """

    def __init__(self, password: str, *, cached: bool) -> None:
        self.password, self.cached = password.encode(), cached
        self.logins: list[str] = []
        self.port = 0
        self._key = rsa.generate_private_key(65537, 2048)
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[CachingSha2Server]:
        """Serve on a free port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await self._log_in(Packets(reader, writer)):
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _log_in(self, packets: Packets) -> bool:
        packets.send(greeting())
        response = await packets.read()
        assert not int.from_bytes(response[:4], "little") & (TLS | COMPRESS)
        digest = response[32:].partition(b"\0")[2][1:33]
        if self.cached and digest == fast_digest(self.password):
            packets.send(b"\x01\x03")
            self.logins.append("fast")
        elif await self._full(packets) == self.password + b"\0":
            self.logins.append("full")
        else:
            self.logins.append("refused")
            packets.send(b"\xff\x15\x04#28000Access denied")
            return False
        packets.send(b"\0\0\0" + IN_AUTOCOMMIT.to_bytes(2, "little") + b"\0\0")
        return True

    async def _full(self, packets: Packets) -> bytes:
        """Return the password that the client sends, encrypted by the server's public key."""
        packets.send(b"\x01\x04")
        assert await packets.read() == b"\x02"
        public = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        packets.send(b"\x01" + public)
        return xor(self._key.decrypt(await packets.read(), OAEP), SALT)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every command with OK, until the client quits."""
        while True:
            packets = Packets(reader, writer)
            if (await packets.read())[:1] == b"\x01":
                return
            packets.send(b"\0\x07\0" + IN_AUTOCOMMIT.to_bytes(2, "little") + b"\0\0")


class Packets:
    """One exchange of packets, which are numbered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer, self._number = reader, writer, 0

    def send(self, payload: bytes) -> None:
        """Send a packet."""
        header = len(payload).to_bytes(3, "little") + bytes([self._number])
        self._writer.write(header + payload)
        self._number += 1

    async def read(self) -> bytes:
        """Return the payload of the next packet of the client."""
        header = await self._reader.readexactly(4)
        self._number = header[3] + 1
        return await self._reader.readexactly(int.from_bytes(header[:3], "little"))


def greeting() -> bytes:
    """Return the greeting of MySQL 8."""
    low, high = CAPABILITIES & 0xFFFF, CAPABILITIES >> 16
    return b"".join(
        (
            b"\x0a8.4.0\0" + THREAD.to_bytes(4, "little") + SALT[:8] + b"\0",
            low.to_bytes(2, "little") + b"\x2d" + IN_AUTOCOMMIT.to_bytes(2, "little"),
            high.to_bytes(2, "little") + b"\x15" + bytes(10) + SALT[8:] + b"\0" + PLUGIN + b"\0",
        )
    )


def fast_digest(password: bytes) -> bytes:
    """Return what a client sends for a password that the server remembers."""
    first = hashlib.sha256(password).digest()
    second = hashlib.sha256(hashlib.sha256(first).digest() + SALT).digest()
    return xor(first, second)


def xor(data: bytes, key: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, cycle(key), strict=False))
