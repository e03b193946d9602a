"""The program writes its whole output, also where write(2) takes only a part."""

from __future__ import annotations

import io

import click
import pytest

from worksample.cli import _robust_stream

LONG = "a line of the report, ä €\n" * 4000


class PartialWriter(io.RawIOBase):
    """A pipe that takes at most 1,000 bytes per write, as when a signal interrupts it."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take the beginning of `data`."""
        self.taken += bytes(data[:1000])
        return min(len(data), 1000)


@pytest.mark.parametrize("printed", [LONG, LONG.encode()], ids=["text", "bytes"])
def test_writes_everything_when_unbuffered(printed: str | bytes) -> None:
    pipe = PartialWriter()
    unbuffered = io.TextIOWrapper(pipe, "utf-8", write_through=True)  # type: ignore[type-var]
    click.echo(printed, file=_robust_stream(unbuffered), nl=False)
    assert pipe.taken == LONG.encode()


def test_escapes_characters_outside_locale_encoding() -> None:
    written = io.BytesIO()
    stream = _robust_stream(io.TextIOWrapper(written, "ascii"))
    click.echo("✓ done", file=stream)
    assert written.getvalue() == b"\\u2713 done\n"
