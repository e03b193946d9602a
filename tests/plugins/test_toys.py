"""A command, a report form, a probe and a suite: one plugin file each, used as a user uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running import worksample

HERE = Path(__file__).parent
ENVIRONMENT = {
    "WORKSAMPLE_PLUGINS": str(HERE.parent / "support" / "plugins"),
    "WORKSAMPLE_CHALLENGES": str(HERE / "catalogue"),
}
CHECK = "header-names-may-have-any-letter-case"
SERVER = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Mirror(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ({look_up}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Mirror).serve_forever()
"""
ANY_CASE = 'self.headers.get("X-Word", "")'
ONE_CASE = 'dict(self.headers.items()).get("x-word", "")'


def run(*arguments: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return worksample(*arguments, cwd=cwd, env=ENVIRONMENT | extra)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A workspace whose server reads the header field in one letter case only."""
    return write(tmp_path, ONE_CASE)


def write(folder: Path, look_up: str) -> Path:
    (folder / "server.py").write_text(SERVER.replace("{look_up}", look_up))
    (folder / "worksample.toml").write_text(
        f'challenge = "mirror"\n[run]\ncommand = ["{sys.executable}", "server.py"]\n'
    )
    return folder


def test_command_is_listed_and_has_help(tmp_path: Path) -> None:
    assert "untested-clauses" in run("--help", cwd=tmp_path).stdout
    shown = run("untested-clauses", "--help", cwd=tmp_path)
    assert shown.returncode == 0
    assert "that no check tests" in shown.stdout
    missing = worksample("untested-clauses", cwd=tmp_path)
    assert missing.returncode == 2
    assert "No such command 'untested-clauses'" in missing.stderr


def test_command_has_its_exit_code_and_errors(tmp_path: Path) -> None:
    found = run("untested-clauses", "mirror", cwd=tmp_path)
    assert (found.returncode, found.stdout) == (1, "M2\n")
    unknown = run("untested-clauses", "window", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "window" in unknown.stderr


def test_suite_and_probe_judge_a_server(mirror: Path) -> None:
    rejected = run("check", "--no-html", cwd=mirror)
    assert rejected.returncode == 1, rejected.stderr
    assert "Names of header fields may be written in any letter case" in rejected.stdout
    assert "the answer to upper-case names" in rejected.stdout
    accepted = run("check", "--no-html", cwd=write(mirror, ANY_CASE))
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_check_prints_and_writes_the_form(mirror: Path) -> None:
    done = run("check", "--form", "tap", "--form", "tap=mine.tap", cwd=mirror)
    assert done.returncode == 1, done.stderr
    assert f"not ok 2 - {CHECK}\n" in done.stdout
    assert done.stdout.startswith("1..")
    assert (mirror / "mine.tap").read_text() == done.stdout
    assert "TAP report: mine.tap" in done.stderr
    of_run = run("report", "--form", "tap", cwd=mirror)
    assert (of_run.returncode, of_run.stdout) == (0, done.stdout)


def test_report_writes_any_form(mirror: Path) -> None:
    run("check", "--no-html", cwd=mirror)
    done = run("report", "--form", "junit=mine.xml", "--form", "json", cwd=mirror)
    assert done.stdout.startswith("mine.xml\n{")
    assert CHECK in (mirror / "mine.xml").read_text()
    assert run("report", "--json", cwd=mirror).stdout in done.stdout


def test_unknown_form_is_a_usage_error_that_lists_the_forms(tmp_path: Path) -> None:
    done = run("check", "--form", "pigeon", cwd=tmp_path)
    assert done.returncode == 2
    assert "no form is called 'pigeon'" in done.stderr
    assert "tap (lines of the Test Anything Protocol)" in " ".join(done.stderr.split())


def test_form_that_could_not_be_written_is_refused_before_the_run(mirror: Path) -> None:
    done = run("check", "--form", "tap=no/such/folder.tap", cwd=mirror)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert not (mirror / ".worksample").exists()
