"""The HTML report in a browser: no CSP violation, no error, no injected script."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import reports
from worksample.reports import html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--dump-dom",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.mark.parametrize("name", ["rejected", "drawn", "hostile"])
def test_browser_runs_only_own_script(name: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(html.render(reports.every_kind()[name]))
    done = subprocess.run(
        [
            str(CHROMIUM),
            *FLAGS,
            f"--user-data-dir={tmp_path / 'user'}",
            f"{page.as_uri()}#finding-2",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert done.stdout.count("<script>") == 1
    assert "<title>Not yet: Conduit: a place for people who write</title>" in done.stdout
    copied = page.read_text(encoding="utf-8").count("<pre data-copy")
    assert done.stdout.count('<button type="button">Copy</button>') == copied
    opened = re.search(r"<details [^>]*id=\"finding-2\"[^>]*>", done.stdout)
    assert opened is not None
    assert "open" in opened.group()
