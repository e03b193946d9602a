"""Kinds of work that no file of Worksample knows, used as a learner and an author use them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.counters import CATALOGUE, counter_workspace
from tests.support.running import worksample

HERE = Path(__file__).parent
ENVIRONMENT = {
    "WORKSAMPLE_PLUGINS": str(HERE / "plugins"),
    "WORKSAMPLE_CHALLENGES": str(HERE / "catalogue"),
}
#: All kinds of work, those of the plugins too, in the order of their ranks.
KINDS = "build, fix, test, speed-up, review, words, echo, twins, beside, spot"


def run(*arguments: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return worksample(*arguments, cwd=cwd, env=ENVIRONMENT | extra)


def report_of(workspace: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run("report", str(workspace), "--json", cwd=workspace).stdout)
    return data


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Return a workspace of the kind `words`, as `start` makes it."""
    done = run("start", "lexicon", "--kind", "words", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "mine is ready: Lexicon: words and programs, in plain text." in done.stdout
    assert "worksample check" in done.stdout
    return tmp_path / "mine"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a folder for a program of the kind `echo`; a test writes `program.py`."""
    (tmp_path / "worksample.toml").write_text(
        'challenge = "lexicon"\nkind = "echo"\n\n[run]\n'
        f'command = ["{sys.executable}", "program.py"]\n'
    )
    return tmp_path


def test_kind_without_server_has_score_in_terminal_html_and_json(words: Path) -> None:
    (words / "words.txt").write_text("index\nlock\n")
    done = run("check", cwd=words)
    assert done.returncode == 1, done.stderr
    assert "REJECTED" in done.stdout
    assert "words found: 2 of 3" in done.stdout
    assert "missing: lease" in done.stdout
    assert "By stage" not in done.stdout
    report = report_of(words)
    assert report["kind"] == "words"
    assert report["score"] == {"name": "words found", "value": 2, "best": 3}
    assert [check["verdict"] for check in report["checks"]] == ["fail"]
    (page,) = words.glob(".worksample/runs/*/report.html")
    assert "words found: 2 of 3" in page.read_text()
    assert page.read_text().count("Every word is listed") > 1


def test_kind_without_server_accepts(words: Path) -> None:
    (words / "words.txt").write_text("lease lock index")
    done = run("check", "--junit", "report.xml", cwd=words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "words found: 3 of 3" in done.stdout
    assert "words found: 3 of 3" in (words / "report.xml").read_text()


def test_plan_offers_the_kind(tmp_path: Path) -> None:
    (tmp_path / "ad.txt").write_text("Backend Engineer\n\nRequirements\n- REST APIs\n")
    done = run("plan", "ad.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "words Lexicon: words and programs, 1.5 h" in done.stdout
    assert "worksample start lexicon --kind words" in done.stdout


def test_catalogue_validate_asks_the_kinds(tmp_path: Path) -> None:
    copy = tmp_path / "catalogue"
    shutil.copytree(HERE / "catalogue", copy)
    done = run("catalogue", "validate", cwd=tmp_path, WORKSAMPLE_CHALLENGES=str(copy))
    assert (done.returncode, done.stdout) == (0, "lexicon: no mistakes\n")
    (copy / "lexicon" / "expected.txt").unlink()
    settings = copy / "lexicon" / "challenge.toml"
    settings.write_text(settings.read_text() + "\n[kinds.poem]\nhours = 1\n")
    done = run("catalogue", "validate", cwd=tmp_path, WORKSAMPLE_CHALLENGES=str(copy))
    assert done.returncode == 1
    line = settings.read_text().splitlines().index("[kinds.poem]") + 1
    assert f"{settings}:{line}: unknown kind of work `poem`; the kinds are {KINDS}\n" in done.stdout
    assert "expected.txt:1: is missing: `words` compares with it" in done.stdout


def test_catalogue_validate_wants_a_kind(tmp_path: Path) -> None:
    copy = tmp_path / "catalogue"
    shutil.copytree(HERE / "catalogue", copy)
    settings = copy / "lexicon" / "challenge.toml"
    settings.write_text(settings.read_text().split("[kinds.words]")[0] + "[kinds]\n")
    done = run("catalogue", "validate", cwd=tmp_path, WORKSAMPLE_CHALLENGES=str(copy))
    line = settings.read_text().splitlines().index("[kinds]") + 1
    assert f"{settings}:{line}: the challenge offers no kind of work" in done.stdout


def test_work_lists_kinds_of_a_challenge_without_stages_and_checks(tmp_path: Path) -> None:
    done = run("work", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "lexicon  Lexicon: words and programs" in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines() if line.endswith(" h")] == [
        *("words", "echo", "twins")
    ]


def test_work_says_what_is_done(words: Path, tmp_path: Path) -> None:
    (words / "words.txt").write_text("index")
    run("check", cwd=words)
    assert "mine: rejected, 0 of 1 checks pass" in run("work", cwd=tmp_path).stdout
    (words / "words.txt").write_text("lease lock index")
    run("check", cwd=words)
    (words / "words.txt").write_text("index")
    run("check", cwd=words)
    assert "mine: accepted, 1 of 1 checks pass" in run("work", cwd=tmp_path).stdout
    beside = run("work", "--kind", "words", "--json", cwd=words)
    (work,) = json.loads(beside.stdout)["work"]
    assert (work["kind"], work["done"]) == ("words", True)
    assert [each["verdict"] for each in work["runs"]] == ["accepted"]
    (words / ".worksample" / "given-up").write_text("2026-11-29T10:00+00:00")
    assert "accepted" not in run("work", cwd=tmp_path).stdout


def test_unknown_kind_in_settings_is_told_with_its_line(words: Path) -> None:
    (words / "worksample.toml").write_text('challenge = "lexicon"\nkind = "poem"\n')
    done = run("check", cwd=words)
    assert done.returncode == 2
    assert f"{words}/worksample.toml:2: kind: There is no kind of work 'poem'." in done.stderr
    assert f"The kinds of work are: {KINDS}." in done.stderr


def test_kind_that_the_challenge_does_not_offer_is_refused(tmp_path: Path) -> None:
    done = run("start", "lexicon", "--kind", "build", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "lexicon does not offer the kind of work 'build'." in done.stderr
    assert "It offers: words, echo, twins." in done.stderr


def test_dialogue_with_a_program(program: Path) -> None:
    (program / "program.py").write_text(
        "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
    )
    done = run("check", cwd=program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "values returned: 3 of 3" in done.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys\nsys.exit('sorry')\n", "The program ended without an answer"),
        ("input()\nprint('hello', flush=True)\n", "a line that is not JSON: hello"),
        ("while True:\n    print('x' * 999, end='')\n", "printed more than 1000000 bytes"),
        (
            "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
            "import signal\nsignal.pause()\n",
            "did not end after its last input within 0.5 s",
        ),
        ("import signal\nsignal.pause()\n", "did not answer within 0.5 s"),
    ],
    ids=["ends", "not-json", "endless-output", "does-not-end", "silent"],
)
def test_dialogue_with_a_program_that_misbehaves(program: Path, source: str, said: str) -> None:
    (program / "program.py").write_text(source)
    if "within" in said:
        (program / "impatient").touch()
    done = run("check", cwd=program)
    assert done.returncode == 3, done.stdout + done.stderr
    assert said in " ".join(done.stdout.split())


def test_two_servers_at_once_have_databases_of_their_own(tmp_path: Path) -> None:
    shutil.copyfile(HERE / "catalogue" / "lexicon" / "twin" / "server.py", tmp_path / "server.py")
    (tmp_path / "worksample.toml").write_text(
        'challenge = "lexicon"\nkind = "twins"\n\n[run]\n'
        f'command = ["{sys.executable}", "server.py"]\n'
    )
    done = run("check", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    report = report_of(tmp_path)
    assert report["score"] == {"name": "databases", "value": 2, "best": 2}
    assert report["services"]["postgres"][0].isdigit()
    assert set(report["timings"]) >= {"building", "starting", "stopping"}


def test_same_checks_on_two_servers(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, catalogue)
    settings = catalogue / "counter" / "challenge.toml"
    settings.write_text(settings.read_text().replace("[kinds.build]", "[kinds.beside]"))
    counter_workspace("correct", catalogue / "counter" / "other", "beside")
    counter_workspace("keeps-in-memory", tmp_path / "mine", "beside")
    done = run("check", cwd=tmp_path / "mine", WORKSAMPLE_CHALLENGES=str(catalogue))
    assert done.returncode == 1, done.stdout + done.stderr
    report = report_of(tmp_path / "mine")
    assert "fail" in [check["verdict"] for check in report["checks"]]
    assert report["score"]["value"] == report["score"]["best"] == len(report["checks"])
    assert "checks that the other passes" in done.stdout
