"""Parse what the client sends: arrays of bulk strings, and inline commands.

https://valkey.io/topics/protocol/. What is no part of the account passes without being kept,
whatever its size.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from worksample.wire.protocol import ProtocolError
from worksample.wire.resp.commands import (
    LONGEST,
    UNKNOWN,
    UNPARSED,
    Command,
    counted_keys,
    has_subcommands,
    name_of,
    tells_keys,
    told_keys,
    with_subcommand,
)

MAX_LINE = 64 * 1024
END = b"\r\n"
_NUMBER = re.compile(rb"[+-]?\d{1,19}")
_INLINE_WORD = re.compile(
    rb"""(?:"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\'|[^'])*(?:'|$)|[^\s"'])+""", re.DOTALL
)


class CommandScanner:
    """Scans the commands of a client, up to one that `begin` wants held.

    `begin(command, arguments)` is called once its name is known; it returns whether to hold it.
    `arguments` counts what follows the name. The number of keys and the size of the command are
    complete when its last byte has been scanned.
    """

    __slots__ = ("_begin", "_command", "_count", "_left", "_skip", "stopped")

    def __init__(self, begin: Callable[[Command, int], bool]) -> None:
        self.stopped = -1
        self._begin = begin
        self._command = Command("")
        self._count = self._left = self._skip = 0

    def scan(self, data: bytes, at: int = 0) -> int:
        """See `Scanner`."""
        self.stopped = -1
        while at < len(data) and self.stopped < 0:
            end = self._next(data, at)
            if end < 0:
                break
            at = end
        return at

    def _next(self, data: bytes, at: int) -> int:
        """Return the position after what comes next, -1 if it is not complete."""
        if self._skip:
            end = min(at + self._skip, len(data))
            self._skip -= end - at
            self._command.sent += end - at
            return end
        if self._left:
            return self._argument(data, at)
        if data.startswith(b"*", at):
            return self._array(data, at)
        return self._inline(data, at)

    def _array(self, data: bytes, at: int) -> int:
        """Begin a command; that takes its name, and its subcommand if it may have one."""
        count, start = line_number(data, at)
        if count <= 0:
            return start
        size, name_at = self._size(data, start)
        end = name_at + size + len(END)
        if name_at < 0 or (size <= LONGEST and end > len(data)):
            return -1
        if size > LONGEST:
            return self._begun(UNKNOWN, count, at, name_at, skip=size + len(END))
        name = name_of(data[name_at : name_at + size])
        if count == 1 or not has_subcommands(name):
            return self._begun(name, count, at, end)
        size, word_at = self._size(data, end)
        word_end = word_at + size + len(END)
        if word_at < 0 or (size <= LONGEST and word_end > len(data)):
            return -1
        if size <= LONGEST:
            name = with_subcommand(name, data[word_at : word_at + size])
        return self._begun(name, count, at, end)

    def _begun(self, name: str, count: int, start: int, end: int, skip: int = 0) -> int:
        """Begin the command from `start`; its name ends at `end`, or after `skip` further bytes."""
        if reason := UNPARSED.get(name):
            raise ProtocolError(reason)
        self._command = Command(name, sent=end - start, keys=counted_keys(name, count))
        self._count, self._left, self._skip = count, count - 1, skip
        if self._begin(self._command, count - 1):
            self.stopped = start
        return end

    def _argument(self, data: bytes, at: int) -> int:
        size, start = self._size(data, at)
        if start < 0:
            return -1
        name, index = self._command.sql, self._count - self._left
        if size <= LONGEST and tells_keys(name, index):
            if start + size > len(data):
                return -1
            word = data[start : start + size]
            self._command.keys = self._command.keys or told_keys(name, index, word, self._count)
        self._left -= 1
        self._skip = size + len(END)
        self._command.sent += start - at
        return start

    def _size(self, data: bytes, at: int) -> tuple[int, int]:
        """Return the size of the bulk string at `at` and the position of its content, or -1."""
        if at < 0 or at >= len(data):
            return 0, -1
        if not data.startswith(b"$", at):
            raise ProtocolError("an argument of a command is no bulk string")
        size, start = line_number(data, at)
        if size < 0:
            raise ProtocolError("an argument of a command has a negative size")
        return size, start

    def _inline(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at)
        if end < 0:
            if len(data) - at > MAX_LINE:
                raise ProtocolError("an inline command of more than 64 KiB")
            return -1
        words = _INLINE_WORD.findall(data[at:end])
        if words:
            words = [each.strip(b"\"'") for each in words]
            name, count = name_of(words[0]), len(words)
            if count > 1 and has_subcommands(name):
                name = with_subcommand(name, words[1])
            self._begun(name, count, at, end + 1)
            self._left = 0
            for index, word in enumerate(words):
                if len(word) <= LONGEST and tells_keys(name, index):
                    self._command.keys = self._command.keys or told_keys(name, index, word, count)
        return end + 1


def line_number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number of the line whose first byte is at `at`, and the position after the line.

    The position is -1 while the line is not complete. Raises `ProtocolError` if it is no number.
    """
    end = data.find(END, at, at + 32)
    if end < 0:
        if len(data) - at > 32:
            raise ProtocolError("a length is no number")
        return 0, -1
    if not _NUMBER.fullmatch(data, at + 1, end):
        raise ProtocolError("a length is no number")
    return int(data[at + 1 : end]), end + len(END)
