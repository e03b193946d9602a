"""docs/authoring.md, followed to the letter: its files, its commands, what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "authoring.md"
BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAMS = Path(sys.executable).parent


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield (file name or "", language, text) for each fenced block of the page."""
    yield from BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def test_every_file_and_command_of_the_page_works(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    printed, commands = "", 0
    for name, language, text in blocks():
        if name:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif language == "sh":
            printed = ""
            for line in text.splitlines():
                if line.startswith("export "):
                    key, _, value = line.removeprefix("export ").partition("=")
                    environment[key] = value
                    continue
                done = subprocess.run(
                    line.split(), cwd=tmp_path, env=environment, capture_output=True, text=True
                )
                printed += done.stdout + done.stderr
                commands += 1
        else:
            missing = [line for line in text.splitlines() if line not in printed]
            assert not missing, f"{missing} not in:\n{printed}"
    assert commands == 4
