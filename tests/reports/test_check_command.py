"""The commands `check`, `report` and `replay`, run as subprocesses."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.running import (
    IN_THE_BACKGROUND,
    FixedResponseServer,
    fixed_response_server,
    running_process,
    worksample,
)

APP = Path(__file__).parents[1] / "support" / "apps" / "stdlib-server"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
TOML = 'challenge = "conduit"\nspec = "brief"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace whose server starts, but implements nothing of the contract."""
    folder = tmp_path / "work"
    shutil.copytree(APP, folder)
    (folder / "worksample.toml").write_text(TOML)
    return folder


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one saved run."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "worksample.toml").write_text(TOML)
    with fixed_response_server() as server:
        done = check(server, folder, "--seed", "7")
    assert done.returncode == 1, done.stderr
    return folder


def check(
    server: FixedResponseServer, folder: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    """Check the first stage of a server that is already running."""
    return worksample("check", "--url", server.url, "--stage", "1", *words, cwd=folder)


def test_checks_and_rejects_broken_server(workspace: Path) -> None:
    done = worksample("check", "--stage", "1", cwd=workspace)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("NOT YET  ")
    assert "Fix this first" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    steps = ["preparing", "building", "starting", "running checks", "stopping"]
    places = [done.stderr.index(f"  {step}") for step in steps]
    assert places == sorted(places)
    [run] = (workspace / ".worksample" / "runs").iterdir()
    assert (run / "report.html").read_bytes().startswith(b"<!doctype html>")
    assert f"HTML report: .worksample/runs/{run.name}/report.html" in done.stderr


def test_demo_exits_with_0_when_rejected(tmp_path: Path) -> None:
    with fixed_response_server() as server:
        done = check(server, tmp_path, "--challenge", "conduit", "--demo")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("NOT YET")


def test_writes_requested_report_formats(tmp_path: Path) -> None:
    with fixed_response_server() as server:
        done = check(
            server, tmp_path, "--challenge", "conduit", "--json", "--no-html",
            "--junit", "out.xml",
        )  # fmt: skip
    assert done.returncode == 1
    data = orjson.loads(done.stdout)
    assert (data["verdict"], data["selection"]) == ("rejected", "stages 1 to 1")
    assert (tmp_path / "out.xml").read_bytes().startswith(b"<?xml")
    assert not list(tmp_path.rglob("report.html"))
    assert list(tmp_path.rglob("report.json"))


def test_records_every_exchange_beside_the_report(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text(TOML)
    with fixed_response_server() as server:
        done = check(server, tmp_path, "--record")
    assert done.returncode == 1, done.stderr
    [run] = (tmp_path / ".worksample" / "runs").iterdir()
    assert f"Recording: .worksample/runs/{run.name}/exchanges.jsonl.gz" in done.stderr
    report = orjson.loads((run / "report.json").read_bytes())
    head, *lines, end = _recorded(run / "exchanges.jsonl.gz")
    assert (head["run"], head["seed"]) == (report["run"], report["seed"])
    assert end == {"exchanges": len(lines)}
    asked = [line for line in lines if line["check"]]
    assert 0 < report["requests"] <= len(asked)
    recorded = {(each["check"], each["exchange"]["request"]["target"]) for each in asked}
    shown = {
        (each["id"], exchange["request"]["target"])
        for each in report["checks"]
        for finding in each["findings"]
        for exchange in finding["exchanges"]
        if not finding["observed"]
    }
    assert shown and shown <= recorded


def test_records_to_named_file(tmp_path: Path) -> None:
    with fixed_response_server() as server:
        words = ("--challenge", "conduit", "--record", "all.gz", "--no-html")
        done = check(server, tmp_path, *words)
    assert "Recording: all.gz" in done.stderr
    assert _recorded(tmp_path / "all.gz")[0]["challenge"] == "conduit"
    assert not list(tmp_path.rglob("exchanges.jsonl.gz"))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--record", "no/where.gz"), "no/where.gz cannot be written"),
        (("--record", "folder"), "this is a folder. Name the folder to check before --record"),
        (("--record=x.gz", "--watch"), "--record records one run"),
        (("--record", "x.gz", "folder", "other"), "go without --watch, --url, --record"),
    ],
)
def test_refuses_recording_that_cannot_be_made(
    tmp_path: Path, words: tuple[str, ...], problem: str
) -> None:
    (tmp_path / "folder").mkdir()
    done = worksample("check", "--challenge", "conduit", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in " ".join(done.stderr.split())


def _recorded(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def test_folder_without_workspace_exits_with_2(tmp_path: Path) -> None:
    done = worksample("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a workspace" in done.stderr
    assert done.stdout == ""


def test_unwritable_report_path_fails_before_run(tmp_path: Path) -> None:
    done = worksample("check", "--challenge", "conduit", "--html", "no/where.html", cwd=tmp_path)
    assert done.returncode == 2
    assert "no/where.html cannot be written" in done.stderr


def test_failed_build_shows_output(workspace: Path) -> None:
    (workspace / "worksample.toml").write_text(
        TOML + '[build]\ncommand = "echo no such thing as djagno; exit 3"\n'
    )
    done = worksample("check", cwd=workspace)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("BUILD FAILED  ")
    assert "│ no such thing as djagno" in done.stdout


def test_server_that_exits_at_once_shows_output(workspace: Path) -> None:
    (workspace / "server.py").write_text("import sys\nsys.exit('no database, no service')\n")
    done = worksample("check", cwd=workspace)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("START FAILED  ")
    assert "│ no database, no service" in done.stdout


def test_checks_folder_where_runs_cannot_be_saved(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text(TOML)
    (tmp_path / ".worksample").write_text("a file where the folder should be")
    with fixed_response_server() as server:
        done = check(server, tmp_path)
    assert done.returncode == 1
    assert "this run was not saved" in done.stderr
    assert "HTML report" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_stops_run_cleanly(workspace: Path, number: int, code: int) -> None:
    (workspace / "server.py").write_text(
        "import pathlib, os, sys, time\n"
        f"pathlib.Path({str(workspace / 'pid')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(3600)\n"
    )
    with running_process(["check"], workspace) as running:
        running.wait_for_line("starting python server.py")
        assert running.stop(number) == code, running.lines
    assert not [line for line in running.lines if "Traceback" in line]
    pid = workspace / "pid"
    assert not pid.exists() or not Path("/proc", pid.read_text()).exists()
    assert not (workspace / ".worksample").exists()


def test_ctrl_c_spares_a_run_in_the_background_of_a_script(workspace: Path) -> None:
    (workspace / "server.py").write_text("import time\ntime.sleep(3600)\n")
    with running_process(["check"], workspace, within=IN_THE_BACKGROUND) as running:
        running.wait_for_line("starting python server.py")
        running.process.send_signal(signal.SIGINT)
        assert running.stop(signal.SIGTERM) == 143, running.lines


def test_watch_checks_again_and_shows_changed_verdicts(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text(TOML)
    with fixed_response_server() as server:
        words = ["check", "--watch", "--url", server.url, "--stage", "1", "--no-html"]
        with running_process(words, tmp_path) as running:
            running.wait_for_line("Waiting for a change")
            server.set_response(404, b'{"errors": {"path": ["is unknown"]}}')
            (tmp_path / "app.py").write_text("changed = True\n")
            running.wait_for_line("Changed since the last run")
            assert "fail → pass: " in running.wait_for_line("→ pass")
            running.wait_for_line("Waiting for a change")
            (tmp_path / "worksample.toml").write_text("challenge = 3\n")
            running.wait_for_line("worksample.toml:1")
            running.wait_for_line("Waiting for a change")
            assert running.stop(signal.SIGINT) == 130
    assert len(list((tmp_path / ".worksample" / "runs").iterdir())) == 2


def correct_server(tmp_path: Path) -> Path:
    """Return a workspace with a server that does all that its challenge asks."""
    mine = tmp_path / "mine"
    shutil.copytree(SCENARIOS / "correct", mine)
    shutil.copy(SCENARIOS / "_service" / "counters.py", mine)
    (mine / "worksample.toml").write_text(
        f'challenge = "counter"\n[run]\ncommand = ["{sys.executable}", "server.py"]\n'
    )
    return mine


def test_budget_finds_nothing_in_a_correct_server_and_accepts_nothing(tmp_path: Path) -> None:
    mine = correct_server(tmp_path)
    extra = {"WORKSAMPLE_CHALLENGES": str(SCENARIOS / "_catalogue")}
    done = worksample("check", "--budget", "10m", cwd=mine, env=extra)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("NOTHING FOUND  by these ")
    assert "(within 600 s)" in done.stdout
    assert "accepted" not in done.stdout.lower()
    data = orjson.loads(worksample("report", "--json", cwd=mine).stdout)
    assert (data["verdict"], data["left_out"]) == ("nothing found", [])
    assert data["selected"] == {"stage": 0, "only": [], "budget": 600}


def test_failure_within_a_budget_rejects(tmp_path: Path) -> None:
    with fixed_response_server() as server:
        done = worksample(
            "check", "--url", server.url, "--stage", "1", "--budget", "10m",
            "--challenge", "conduit", cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "(stages 1 to 1; within 600 s)" in done.stdout


def test_watch_follows_the_lowest_open_stage(tmp_path: Path) -> None:
    mine = correct_server(tmp_path)
    server = (mine / "server.py").read_text()
    extra = {"WORKSAMPLE_CHALLENGES": str(SCENARIOS / "_catalogue")}
    with running_process(["check", "--watch", "--no-html"], mine, extra=extra) as running:
        running.wait_for_line("stages 1 to 1")
        running.wait_for_line("Stage 1 is done. Now stage 2: It says no.")
        running.wait_for_line("stages 1 to 2")
        running.wait_for_line("Stage 2 is done. Now stage 3: It remembers.")
        running.wait_for_line("Waiting for a change")
        (mine / "server.py").write_text("raise SystemExit(3)\n" + server)
        running.wait_for_line("Waiting for a change")
        assert running.stop(signal.SIGINT) == 130
    done = worksample("status", cwd=mine, env=extra)
    assert "3  It remembers: done" in done.stdout


def test_report_shows_saved_run_in_every_form(checked: Path) -> None:
    plain = worksample("report", cwd=checked)
    assert plain.returncode == 0
    assert plain.stdout.startswith("NOT YET  ")
    data = orjson.loads(worksample("report", "--json", cwd=checked).stdout)
    assert data["seed"] == 7
    assert worksample("report", "--junit", cwd=checked).stdout.startswith("<?xml")
    html = worksample("report", data["run"], "--html", "out.html", cwd=checked)
    assert html.stdout == "out.html\n"
    assert (checked / "out.html").read_bytes().startswith(b"<!doctype html>")
    assert worksample("report", "--list", cwd=checked).stdout == f"{data['run']}  rejected\n"
    elsewhere = worksample("report", str(checked), cwd=checked.parent)
    assert elsewhere.stdout == plain.stdout
    assert len(plain.stdout.splitlines()) < 40


def test_report_shows_one_check_and_says_which_are_close(checked: Path) -> None:
    data = orjson.loads(worksample("report", "--json", cwd=checked).stdout)
    failed = next(each for each in data["checks"] if each["verdict"] == "fail")
    shown = worksample("report", "--check", failed["id"], cwd=checked)
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"{failed['title']}\nfail; {failed['id']}, ")
    assert shown.stdout.count("  actual  ") == len(failed["findings"])
    unknown = worksample("report", "--check", failed["id"][:-2], cwd=checked)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "has no check called" in unknown.stderr
    assert failed["id"] in unknown.stderr


def test_unknown_run_exits_with_2(checked: Path, tmp_path: Path) -> None:
    done = worksample("report", "1999", cwd=checked)
    assert (done.returncode, "'1999' is not a run" in done.stderr) == (2, True)
    (tmp_path / "worksample.toml").write_text(TOML)
    done = worksample("report", cwd=tmp_path)
    assert (done.returncode, "There is no run" in done.stderr) == (2, True)


def test_replay_reports_whether_finding_is_reproduced(checked: Path) -> None:
    with fixed_response_server() as server:
        again = worksample("replay", "1", "--url", server.url, cwd=checked)
        assert again.returncode == 1, again.stderr
        assert "The finding is reproduced." in again.stdout
        server.set_response(422, b"{}")
        gone = worksample("replay", "1", "--url", server.url, cwd=checked)
        assert gone.returncode == 0, gone.stderr
    assert "The finding is not reproduced." in gone.stdout
    assert "then  200  {}" in gone.stdout
    assert "now   422  {}" in gone.stdout


def test_replay_prints_curl_and_http(checked: Path) -> None:
    curl = worksample("replay", "1", "--curl", cwd=checked)
    assert curl.returncode == 0
    assert "curl -sS" in curl.stdout
    http = worksample("replay", "1", "--http", "--url", "http://127.0.0.1:9", cwd=checked)
    assert http.stdout.startswith("@base = http://127.0.0.1:9\n")


def test_replay_of_unknown_finding_exits_with_2(checked: Path) -> None:
    done = worksample("replay", "99", cwd=checked)
    assert (done.returncode, "has no finding 99; it has 1 to" in done.stderr) == (2, True)
    done = worksample("replay", cwd=checked)
    assert (done.returncode, "Name its address: --url" in done.stderr) == (2, True)


def test_replays_finding_on_fresh_server(workspace: Path) -> None:
    worksample("check", "--stage", "1", "--no-html", cwd=workspace)
    done = worksample("replay", cwd=workspace)
    assert done.returncode == 1, done.stderr
    assert "starting python server.py" in done.stderr
    assert "The finding is reproduced." in done.stdout
