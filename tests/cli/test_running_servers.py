"""A server that runs already, by its URL: what cannot be asked is told first."""

from __future__ import annotations

from pathlib import Path

from tests.support.counters import ENVIRONMENT
from tests.support.running import fixed_response_server, worksample


def test_first_lines_say_what_cannot_be_asked(tmp_path: Path) -> None:
    with fixed_response_server() as server:
        words = ("check", "--challenge", "counter", "--url", server.url)
        done = worksample(*words, cwd=tmp_path, env=ENVIRONMENT)
    assert done.returncode == 1, done.stderr
    assert "This server runs already" in done.stderr.partition("checks to run")[0]
    assert "Could not be asked: " in "".join(done.stdout.splitlines(keepends=True)[:5])
