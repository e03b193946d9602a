"""End-to-end tests of `worksample plan`, `skills` and `status`."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.grading import RunVerdict, Selection, codec
from worksample.postings.as_json import json_chunks
from worksample.postings.model import Source
from worksample.postings.parser import parse_posting

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "postings"
ENGLISH = EXAMPLES / "junior-backend-tidewater.md"
GERMAN = EXAMPLES / "backend-entwickler-lindenhof.txt"


def run(
    *arguments: str | Path, cwd: Path = ROOT, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from worksample.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def plan_json(*arguments: str | Path, stdin: str = "") -> dict[str, Any]:
    done = run("plan", *arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def skills_of(posting: dict[str, Any], level: str) -> set[str]:
    return {r["skill"] for r in posting["requirements"] if r["level"] == level and not r["unsure"]}


def test_example_ads_give_expected_requirements() -> None:
    data = plan_json(ENGLISH, GERMAN)
    english, german = data["postings"]
    assert skills_of(english, "optional") == {"docker", "kubernetes", "redis", "kafka"}
    assert skills_of(english, "used") == {"aws"}
    assert {"python", "go", "nodejs", "rest", "fastapi"} <= skills_of(english, "required")
    assert (english["min_years"], english["degree"]) == (
        1,
        {"level": "bachelor", "strength": "or-equivalent"},
    )
    assert (german["language"], german["is_backend"]) == ("de", True)
    assert "php" not in {r["skill"] for r in german["requirements"]}
    assert skills_of(german, "optional") == {"kafka", "rabbitmq", "azure"}


def test_json_has_published_fields() -> None:
    data = plan_json(ENGLISH)
    assert data["version"] == 1
    (posting,) = data["postings"]
    assert {"source", "title", "is_backend", "language", "requirements", "min_years", "degree"} <= (
        set(posting)
    )
    text = ENGLISH.read_text("utf-8")
    for requirement in posting["requirements"]:
        assert {*("skill", "level", "alternatives", "quote", "start", "end", "unsure")} <= set(
            requirement
        )
        assert text[requirement["start"] : requirement["end"]] == requirement["quote"]
    assert len({r["skill"] for r in posting["requirements"]}) == len(posting["requirements"])
    choice = [r["skill"] for r in posting["requirements"] if r["alternatives"] == "choice-1"]
    assert len(choice) > 1
    assert {"hours", "steps", "beyond", "uncovered", "touched", "notes"} == set(data["plan"])


def test_plan_contains_work_from_catalogue() -> None:
    plan = plan_json(ENGLISH)["plan"]
    assert plan["steps"][0]["command"].startswith("worksample start ")
    assert plan["steps"][0]["because"]
    assert plan["hours"] == sum(step["hours"] for step in plan["steps"])


def test_plan_names_checks_that_show_a_skill() -> None:
    skills = ("Concurrency", "Performance optimization", "Security best practices")
    ad = "Backend developer\n\nRequirements\n" + "".join(f"- {skill}\n" for skill in skills)
    steps = plan_json("-", stdin=ad)["plan"]["steps"]
    shown = {each["any_of"][0]: each["checks"] for step in steps for each in step["shows"]}
    for skill, aspect in {
        "concurrency": "concurrency",
        "performance-scalability": "performance",
        "security-practices": "security",
    }.items():
        ids = {proof["aspect"]: proof["ids"] for proof in shown[skill]}
        assert len(ids[aspect]) >= 5
    printed = run("plan", "-", stdin=ad).stdout
    assert "by checks of concurrency (" in printed
    assert "by checks of concurrency (" in run("plan", "-", "--markdown", stdin=ad).stdout


def test_plan_offers_small_challenge_for_small_ad() -> None:
    ad = "Backend developer\n\nRequirements\n- Python\n- REST APIs\n- PostgreSQL\n"
    (step,) = plan_json("-", stdin=ad)["plan"]["steps"]
    assert step["challenge"] == "booking"
    assert step["command"] == "worksample start booking --stack python-fastapi"


def test_together_prints_statistics_and_plan() -> None:
    done = run("plan", ENGLISH, GERMAN, "--together")
    assert done.returncode == 0, done.stderr
    assert "Requirements of 2 backend ads" in done.stdout
    assert "The plan" in done.stdout


def test_piped_output_has_plain_text_marks() -> None:
    done = run("plan", ENGLISH)
    assert "\x1b" not in done.stdout
    assert "[[Python]]" in done.stdout
    assert "[Docker]" in done.stdout


def test_reads_standard_input() -> None:
    data = plan_json("-", stdin="Go Developer\n\nRequirements\n- Go\n- Kafka\n")
    assert data["postings"][0]["source"] == "standard input"
    assert skills_of(data["postings"][0], "required") == {"go", "kafka"}


def test_batch_continues_after_errors_and_prints_summary(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    done = run("plan", empty, ENGLISH, tmp_path / "missing.txt", GERMAN)
    assert done.returncode == 2
    assert "Junior Backend Engineer" in done.stdout
    assert "Backend-Entwickler" in done.stdout
    assert "2 ads read, 2 failed" in done.stderr
    assert "is empty" in done.stderr


def test_single_bad_file_prints_one_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    done = run("plan", empty)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"{empty} is empty.",
        "→ Paste the text of the ad into the file.",
    ]


@pytest.mark.parametrize("option", [("--stack", "fortran"), ("--hours", "0")])
def test_invalid_option_exits_with_2(option: Sequence[str]) -> None:
    assert run("plan", ENGLISH, *option).returncode == 2


def test_writes_html_and_calendar_files(tmp_path: Path) -> None:
    page, calendar = tmp_path / "plan.html", tmp_path / "plan.ics"
    done = run("plan", ENGLISH, "--html", page, "--ics", calendar, "--from", "2026-03-02")
    assert done.returncode == 0, done.stderr
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "DTSTART;VALUE=DATE:20260302" in calendar.read_text("utf-8")


def test_status_shows_progress_of_saved_plan(tmp_path: Path) -> None:
    assert run("status", cwd=tmp_path).returncode == 2
    assert run("plan", ENGLISH, "--save", cwd=tmp_path).returncode == 0
    data = json.loads(run("status", "--json", cwd=tmp_path).stdout)
    first = data["steps"][0]
    assert first["state"] == "open"
    save_report(
        tmp_path / "mine",
        challenge=first["step"]["challenge"],
        kind=first["step"]["kind"],
        results=(CheckResult(reports.check("one"), Verdict.PASS),),
    )
    done = run("status", cwd=tmp_path)
    assert "evidenced" in done.stdout
    assert "1 of 1 checks pass" in done.stdout


def test_status_ignores_runs_of_selected_checks_and_names_broken_reports(tmp_path: Path) -> None:
    assert run("plan", ENGLISH, "--save", cwd=tmp_path).returncode == 0
    save_report(tmp_path / "deep" / "mine", challenge="conduit", selection=Selection(stage=1))
    broken = save_report(tmp_path / "other", challenge="conduit")
    broken.write_text('{"format": 99}', encoding="utf-8")
    done = run("status", "--json", cwd=tmp_path)
    assert all(step["state"] == "open" for step in json.loads(done.stdout)["steps"])
    assert done.stderr.splitlines() == [
        f"Skipped: The report {broken} has format 99; this version of Worksample reads 1."
    ]


def test_status_shows_stages_of_workspace(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    save_report(
        tmp_path,
        challenge="conduit",
        verdict=RunVerdict.REJECTED,
        selection=Selection(stage=3),
        results=(
            CheckResult(reports.check("starts", stage=1), Verdict.PASS),
            CheckResult(reports.check("registers"), Verdict.FAIL),
            CheckResult(
                reports.check("publishes", stage=3), Verdict.BLOCKED, blocked_by="registers"
            ),
        ),
    )
    done = run("status", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "✓ 1  It starts and answers: done, 1 of 1 checks pass",
        "✗ 2  Accounts: open, 0 of 1 checks pass",
        "… 3  Articles: blocked, 0 of 1 checks pass",
        "· 9  Under attack: not run",
    ]


def test_status_shows_each_stage_as_the_newest_run_of_all_its_checks(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    checks = [reports.check(f"of-{number}", stage=number) for number in (1, 2, 3, 9)]
    passed = [CheckResult(check, Verdict.PASS) for check in checks]
    failed = [CheckResult(check, Verdict.FAIL) for check in checks]
    unread = tmp_path / ".worksample" / "runs" / "1" / "report.json"
    unread.parent.mkdir(parents=True)
    unread.write_text("no report, and older than what is shown")
    save_report(tmp_path, "2", challenge="conduit", results=(*passed[:3], failed[3]))
    save_report(tmp_path, "3", results=failed[:2], selection=Selection(stage=2))
    save_report(tmp_path, "4", results=passed[:2], selection=Selection(only=("of-1", "of-2")))
    assert run("status", cwd=tmp_path).stdout.splitlines()[1:5] == [
        "✗ 1  It starts and answers: open, 0 of 1 checks pass",
        "✗ 2  Accounts: open, 0 of 1 checks pass",
        "✓ 3  Articles: done, 1 of 1 checks pass",
        "✗ 9  Under attack: open, 0 of 1 checks pass",
    ]


def save_report(workspace: Path, name: str = "1", **fields: Any) -> Path:
    """Save an accepted report as a run of `workspace` and return its file."""
    path = workspace / ".worksample" / "runs" / name / "report.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(codec.encode(reports.report(**{"verdict": RunVerdict.ACCEPTED, **fields})))
    return path


def test_skills_lists_and_describes_skills() -> None:
    assert "postgresql" in run("skills").stdout
    described = run("skills", "postgresql").stdout
    assert "A junior: Design tables" in described
    assert "build" in described
    unknown = run("skills", "postgresqll")
    assert unknown.returncode == 2
    assert "postgresql" in unknown.stderr


def test_memory_is_constant_for_stream_of_ads() -> None:
    """Memory growth also shows with fewer than the documented 10,000 ads, which take longer."""

    def ads(number: int) -> None:
        texts = (
            f"Dev {i}\n\nRequirements\n- Go{i} or Rust\n- word{i} Kafka\n" for i in range(number)
        )
        stream = (parse_posting(Source(str(i), text)) for i, text in enumerate(texts))
        for _ in json_chunks(stream, iter(())):
            pass

    ads(200)
    tracemalloc.start()
    try:
        ads(200)
        tracemalloc.reset_peak()
        few, _ = tracemalloc.get_traced_memory()
        ads(800)
        many, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert many - few < 1_000_000


def json_shape(value: Any) -> Any:
    """Return the keys of a JSON value; for a list, those of its first item."""
    if isinstance(value, dict):
        return {key: json_shape(item) for key, item in value.items()}
    return [json_shape(value[0])] if isinstance(value, list) and value else None


def test_documented_json_has_same_keys_as_output() -> None:
    text = (ROOT / "docs" / "plan.md").read_text("utf-8")
    documented = json.loads(text.split("```json")[1].split("```")[0])
    assert json_shape(documented) == json_shape(plan_json(ENGLISH))
