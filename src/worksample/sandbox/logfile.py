"""Read the bounded log that a supervisor writes, while it grows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from worksample.messages import message
from worksample.sandbox.supervisor import HEADER

HEAD_BYTES = 2 * 1024 * 1024
TAIL_BYTES = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogFile:
    """The output of a program (stdout and stderr, interleaved), bounded in size.

    `path` is the file that the supervisor writes; it keeps the first `head` bytes and the last
    `tail` bytes. Positions count every byte ever printed, including dropped ones.
    """

    path: Path
    head: int = HEAD_BYTES
    tail: int = TAIL_BYTES

    @property
    def position(self) -> int:
        """The number of bytes printed so far."""
        try:
            with self.path.open("rb") as file:
                start = file.read(HEADER.size)
        except FileNotFoundError:
            return 0
        return int(HEADER.unpack(start)[0]) if len(start) == HEADER.size else 0

    def slice(self, start: int, end: int | None = None) -> bytes:
        """Return the output from position `start` up to `end` (default: now).

        Bytes dropped between head and tail are replaced by a line that states their number.
        """
        end = self.position if end is None else min(end, self.position)
        if start >= end:
            return b""
        with self.path.open("rb") as file:
            front = self._read_head(file.fileno(), start, end)
            back = self._read_tail(file.fileno(), max(start, self.head), end)
        return front + back

    def _read_head(self, fd: int, start: int, end: int) -> bytes:
        length = min(end, self.head) - start
        return os.pread(fd, length, HEADER.size + start) if length > 0 else b""

    def _read_tail(self, fd: int, start: int, end: int) -> bytes:
        if start >= end:
            return b""
        data = self._read_ring(fd, max(start, self.position - self.tail), end)
        kept = max(start, self.position - self.tail)
        dropped = min(kept, end) - start
        if not dropped:
            return data
        note = message("\n[{dropped} bytes of output were dropped here]\n", dropped=dropped)
        return note.encode() + data[len(data) - max(0, end - kept) :]

    def _read_ring(self, fd: int, start: int, end: int) -> bytes:
        pieces = []
        while start < end:
            offset = (start - self.head) % self.tail
            length = min(end - start, self.tail - offset)
            pieces.append(os.pread(fd, length, HEADER.size + self.head + offset))
            start += length
        return b"".join(pieces)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return a slice as text; invalid UTF-8 becomes U+FFFD."""
        return self.slice(start, end).decode(errors="replace")

    def lines(self, count: int = 40) -> str:
        """Return the last `count` lines."""
        start = max(0, self.position - 512 * count)
        kept = self.text(start).splitlines()
        if len(kept) < count and start:
            kept = self.text().splitlines()
        return "\n".join(kept[-count:])
