"""What `worksample up` shows of a server's log."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from worksample.cli import _running_server
from worksample.errors import StartFailed

PRINTED = "Grüße aus Kołobrzeg\n".encode()


class Log:
    """A log that grows by one byte each time that it is read."""

    position = 0

    def slice(self, start: int, end: int) -> bytes:
        self.position += 1
        return PRINTED[start:end]


class Server:
    """A server that ends when all of its log was read."""

    exit = "exit code 0"

    def __init__(self) -> None:
        self.log = Log()

    @property
    def alive(self) -> bool:
        return self.log.position <= len(PRINTED)


def test_characters_of_several_bytes_are_shown_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_running_server, "_POLL_SECONDS", 0)
    server: Any = Server()
    with pytest.raises(StartFailed, match="the server has ended: exit code 0"):
        asyncio.run(_running_server._follow_log(server))
    assert capsys.readouterr().out.encode() == PRINTED
