"""The kind of work `review`, as a learner does it: right, wrong, and unreadable."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.kinds.reviewing import (
    Answered,
    answered,
    facts_of,
    in_other_words,
    review_of,
    seed_with,
    sound_places,
)
from tests.support.checking import check, failed
from tests.support.running import worksample
from worksample.catalogue import seal
from worksample.grading.sealing import seal_folder

CHALLENGE, STACK = "booking", "python-fastapi"
STACKS = ("python-fastapi", "node-express")
#: Counts of defects, each with a stack that the commit chooses: tests/tasks proves the reviews of
#: all stacks.
COUNTS = [
    (count, random.Random(f"{os.environ.get('STAGES_SEED', '1')} {count}").choice(STACKS))
    for count in range(5)
]


def start(place: Path, seed: int, stack: str = STACK) -> Path:
    done = worksample(
        *("start", CHALLENGE, "--kind", "review", "--stack", stack, "--seed", str(seed), "mine"),
        cwd=place,
    )
    assert done.returncode == 0, done.stderr
    return place / "mine"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("review"), seed_with(2, CHALLENGE, STACK))


@pytest.fixture(scope="module")
def made_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("review"), seed_with(0, CHALLENGE, STACK))


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task with two defects."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def sound(made_sound: Path, tmp_path: Path) -> Path:
    """Return a new task without a defect."""
    shutil.copytree(made_sound, tmp_path / "sound")
    return tmp_path / "sound"


def write(task: Path, verdict: str, comments: Iterable[str]) -> None:
    (task / "review.md").write_text("\n".join((f"Verdict: {verdict}", "", *comments, "")))


def git(task: Path, *arguments: str) -> str:
    done = subprocess.run(("git", *arguments), cwd=task, capture_output=True, text=True, check=True)
    return done.stdout


def test_task_is_a_branch_of_mixed_commits_on_a_sound_main(task: Path) -> None:
    assert git(task, "status", "--porcelain") == ""
    branch = git(task, "branch", "--show-current").strip()
    assert branch != "main"
    assert f"`{branch}` → `main`" in (task / "pull-request.md").read_text()
    assert 3 <= len(git(task, "log", "--format=%H", "main..").split()) <= 5
    changed = git(task, "diff", "--name-only", "main").split()
    page = (task / "pull-request.html").read_text()
    assert changed and all(path in page for path in changed)
    assert not {"review.md", "task.sealed", "pull-request.md"} & set(changed)
    assert "Content-Security-Policy" in page and "http://" not in page


def test_untouched_review_is_rejected_with_a_friendly_word(task: Path, sound: Path) -> None:
    for each in (task, sound):
        done = worksample("check", cwd=each)
        assert done.returncode == 1, done.stderr
        assert "NOT YET" in done.stdout
        assert "review.md is not filled in yet" in done.stdout
        assert "stage 0" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("count", "stack"), COUNTS)
def test_right_review_in_other_words_is_accepted(tmp_path: Path, count: int, stack: str) -> None:
    task = start(tmp_path, seed_with(count, CHALLENGE, stack), stack)
    found = answered(task)
    assert len(found.defects) == count
    (task / "review.md").write_text(in_other_words(found))
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    if count:
        assert report["score"] == {"name": "defects found", "value": count, "best": count}


def test_comments_of_the_mutants_are_accepted_and_revealed_then(task: Path) -> None:
    early = worksample("reveal", cwd=task)
    assert (early.returncode, "is not accepted yet" in early.stderr) == (2, True)
    found = answered(task)
    (task / "review.md").write_text(review_of(found))
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    shown = worksample("reveal", "--no-proof", cwd=task)
    assert shown.returncode == 0, shown.stderr
    for each in found.defects:
        assert " ".join(each["says"].split()) in " ".join(shown.stdout.split())
        assert each["checks"][0]["id"] in shown.stdout


def proof_in(shown: str) -> str:
    """Return what stands below the answers."""
    _, heading, proof = shown.partition("\nProof  checks on the server of the pull request\n")
    assert heading
    return " ".join(("", *proof.split()))


def test_answers_are_shown_where_the_server_cannot_run(task: Path, tmp_path: Path) -> None:
    lacking = {"WORKSAMPLE_POSTGRES_BIN": str(tmp_path)}
    shown = worksample("reveal", "--give-up", cwd=task, env=lacking)
    assert shown.returncode == 0
    assert "A customer would say" in shown.stdout and "Proof" not in shown.stdout
    assert "The checks could not be run: $WORKSAMPLE_POSTGRES_BIN is" in shown.stderr
    shown = worksample("reveal", "--no-proof", "--give-up", cwd=task, env=lacking)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "A customer would say" in shown.stdout


@pytest.mark.slow
def test_check_that_passes_on_a_defect_is_told(task: Path, tmp_path: Path) -> None:
    name = seal.task_of(task / "task.sealed")
    git(task, "worktree", "add", "--quiet", str(tmp_path / "other/proposed"), "main")
    facts = json.dumps(facts_of(task))
    (tmp_path / "other/task.json").write_text(facts)
    (task / "task.sealed").write_text(seal_folder(tmp_path / "other", name))
    shown = worksample("reveal", "--give-up", cwd=task)
    proof = proof_in(shown.stdout)
    for number, each in enumerate(answered(task).defects, 1):
        for shown_by in each["checks"]:
            assert f" {number} “{shown_by['title']}” passes here: it does not" in proof


@pytest.mark.slow
@pytest.mark.parametrize("drift", [-3, 3])
def test_lines_that_are_a_little_off_are_near_enough(task: Path, drift: int) -> None:
    (task / "review.md").write_text(review_of(answered(task), drift=drift))
    assert check(task)[0] == 0


def wrongly_approved(found: Answered) -> str:
    return review_of(found, verdict="approve")


def nothing_marked(found: Answered) -> str:
    return review_of(found, only=0)


def one_missed(found: Answered) -> str:
    return review_of(found, only=1)


def everything_marked(found: Answered) -> str:
    places = [f"{path}:{line}: blocking: The check is missing." for path, line in found.changes]
    return "\n".join(("Verdict: request changes", *places))


def taste_blocks(found: Answered) -> str:
    places = [f"{path}:{line}: blocking: Rename it." for path, line in sound_places(found)[:2]]
    return review_of(found) + "\n".join(places)


def nits_only(found: Answered) -> str:
    return review_of(found, severity="nit")


def class_soup(found: Answered) -> str:
    soup = "Race condition, SQL injection, missing authorization, n+1, no validation, stale cache."
    return review_of(found, text=soup)


def no_reason(found: Answered) -> str:
    return review_of(found, text="This is wrong.")


@pytest.mark.parametrize(
    ("wrong", "name", "why"),
    [
        (wrongly_approved, "the-verdict-is-right", "there are 2 defects"),
        (nothing_marked, "defects-are-found", "0 of 2 found"),
        (one_missed, "defects-are-found", "1 of 2 found"),
        (everything_marked, "only-defects-block", "blocking comments"),
        (taste_blocks, "only-defects-block", "matter of taste"),
        (nits_only, "defects-are-found", "2 of your nits describe defects"),
        (class_soup, "defects-are-found", "count for none: review.md:3, review.md:4"),
        (no_reason, "defects-are-found", "do not say what goes wrong: review.md:3, review.md:4"),
    ],
)
def test_wrong_review_is_told_why_and_not_where(
    task: Path, wrong: Callable[[Answered], str], name: str, why: str
) -> None:
    found = answered(task)
    (task / "review.md").write_text(wrong(found))
    code, report = check(task)
    assert code == 1
    assert why in failed(report)[name]
    told = json.dumps([each["findings"] for each in report["checks"]])
    assert not [path for path, _ in found.changes if path in told]


@pytest.mark.slow
def test_sound_change_is_approved_without_blocking_comments(sound: Path) -> None:
    path, line = answered(sound).changes[0]
    write(sound, "approve", [f"{path}:{line}: nit: I would call it otherwise."])
    code, report = check(sound)
    assert (code, failed(report)) == (0, {})
    assert "different reviews were checked" not in " ".join(report["notes"])
    write(sound, "approve", [f"{path}:{line}: blocking: Two requests at once both pass."])
    code, report = check(sound)
    assert (code, list(failed(report))) == (1, ["only-defects-block"])
    assert "2 different reviews were checked here, this one among them" in report["notes"]
    write(sound, "request changes", [])
    code, report = check(sound)
    assert (code, list(failed(report))) == (1, ["the-verdict-is-right"])
    shown = worksample("reveal", "--give-up", cwd=sound)
    assert "There is no defect" in shown.stdout and "Proof" not in shown.stdout


def test_all_lines_that_cannot_be_read_are_told_at_once(task: Path) -> None:
    (task / "review.md").write_text(
        "Verdict: maybe\nVerdict: approve\n\n"
        "booking/app.py: blocking: No line.\n\n"
        "booking/app.py:3: grave: A severity of one's own.\n\n"
        "Some words.\n"
    )
    done = worksample("check", cwd=task)
    assert done.returncode == 2
    for line, why in (
        (1, "the verdict 'maybe' is not known"),
        (2, "is a second verdict"),
        (4, "is neither a verdict nor a comment"),
        (6, "the severity 'grave' is not known"),
        (8, "is neither a verdict nor a comment"),
    ):
        assert f"review.md:{line}: {why}" in done.stderr
    assert "`path:line: severity: text`" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "There is no file"),
        (b"Verdict: approve\n\xff\n", "review.md:2: is not UTF-8"),
        (b"x" * 600_000, "is larger than"),
        (b"<!-- never closed\nVerdict: approve\n", "no `-->` ends it"),
        (b"booking/app.py:3: nit: Nice.\n", "there is no line `Verdict: "),
        (b"Verdict:\n\nbooking/app.py:3: nit: Nice.\n", "review.md:1: has no verdict"),
    ],
)
def test_form_that_is_no_review_is_told(task: Path, content: bytes | None, why: str) -> None:
    path = task / "review.md"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    done = worksample("check", cwd=task)
    assert (done.returncode, why in done.stderr) == (2, True), done.stderr


def test_comments_outside_the_change_are_told_and_cost_nothing(task: Path) -> None:
    found = answered(task)
    path, _ = found.changes[0]
    outside = f"README.md:1: blocking: No limit.\n{path}:99999: blocking: No limit.\n"
    (task / "review.md").write_text(review_of(found) + outside)
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    notes = " ".join(report["notes"])
    assert "README.md is not changed by this pull request" in notes
    assert f"nothing is changed near line 99999 of {path}" in notes
    assert "handed out" not in notes and "comments are compared" not in notes


def test_rewritten_history_and_edited_files_are_told_and_cost_nothing(task: Path) -> None:
    found = answered(task)
    (task / "review.md").write_text(review_of(found))
    branch = git(task, "branch", "--show-current").strip()
    git(task, "branch", "--force", "main", branch)
    (path,) = {path for path, _ in found.changes[:1]}
    (task / path).write_text("")
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    notes = " ".join(report["notes"])
    assert "the branch main is not as it was handed out: `git diff main` may show" in notes
    assert f"{path} is not as the pull request has it" in notes


@pytest.mark.slow
def test_packed_task_keeps_its_branch_and_what_proves_its_defect(tmp_path: Path) -> None:
    seed = str(seed_with(1, CHALLENGE, STACK))
    make = ("start", CHALLENGE, "--kind", "review", "--stack", STACK, "--seed", seed)
    assert worksample(*make, "--pack", "for-ann.task", cwd=tmp_path).returncode == 0
    assert worksample("start", "for-ann.task", cwd=tmp_path).returncode == 0
    opened = tmp_path / "for-ann"
    assert git(opened, "branch", "--show-current").strip() != "main"
    assert git(opened, "diff", "main", "--stat")
    found = answered(opened)
    (opened / "review.md").write_text(in_other_words(found))
    assert check(opened)[0] == 0
    proof = proof_in(worksample("reveal", cwd=opened).stdout)
    assert any(f" 1 {each['title']} [" in proof for each in found.defects[0]["checks"])
    assert proof.count(" expected ") == proof.count(" actual ") == 1
