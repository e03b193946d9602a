"""The causes that bench/realism.py plants: their descriptions and their patches."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import causes
import pytest

from worksample.catalogue import load

CAUSES = causes.read_causes()
HIDERS, SHARERS, PLANTED = 12, 10, 40


@pytest.fixture
def reference(tmp_path: Path) -> Iterator[Path]:
    yield causes.copy_reference(load(causes.CHALLENGE), tmp_path / "app")


def test_there_are_forty_causes_with_a_patch_each() -> None:
    ids = [cause.id for cause in CAUSES]
    assert len(set(ids)) == len(ids) == PLANTED
    assert {path.stem for path in (causes.HERE / "causes").iterdir()} == set(ids)


def test_causes_name_checks_stages_and_weights_that_exist() -> None:
    challenge = load(causes.CHALLENGE)
    checks = {check.id for check in challenge.checks}
    stages = {stage.number for stage in challenge.stages}
    for cause in CAUSES:
        assert cause.found_by and set(cause.found_by) <= checks, cause.id
        assert cause.stage in stages, cause.id
        assert cause.weight in causes.WEIGHTS, cause.id


def test_every_weight_is_planted() -> None:
    assert {cause.weight for cause in CAUSES} == set(causes.WEIGHTS)


def test_enough_causes_hide_another() -> None:
    ids = {cause.id for cause in CAUSES}
    hiders = [cause for cause in CAUSES if cause.hides]
    assert all(set(cause.hides) <= ids - {cause.id} for cause in hiders)
    assert len(hiders) >= HIDERS


def test_enough_causes_share_operation_and_status() -> None:
    assert len(causes.sharing(CAUSES)) >= SHARERS


def test_causes_that_share_operation_and_status_differ_in_what_they_show() -> None:
    silent = Counter(
        (operation, cause.status)
        for cause in causes.sharing(CAUSES)
        for operation in cause.operations
        if not cause.shows
    )
    assert [key for key, count in silent.items() if count > 1 and key[1] == 500] == []


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.id)
def test_each_patch_applies_alone(cause: causes.Cause, reference: Path) -> None:
    cause.plant(reference)


def test_all_patches_apply_together_and_leave_valid_python(reference: Path) -> None:
    for cause in CAUSES:
        cause.plant(reference)
    for path in reference.rglob("*.py"):
        compile(path.read_bytes(), str(path), "exec")


@pytest.mark.parametrize("patch", [causes.SLOW, causes.STORING], ids=lambda path: path.stem)
def test_the_patch_of_a_server_without_causes_applies(patch: Path, reference: Path) -> None:
    before = {path: path.read_bytes() for path in reference.rglob("*.py")}
    causes.apply(patch, reference)
    after = {path: path.read_bytes() for path in reference.rglob("*.py")}
    assert after != before
    for path, code in after.items():
        compile(code, str(path), "exec")


@pytest.mark.parametrize(
    ("method", "target", "concerned"),
    [
        ("GET", "/api/articles?limit=0", True),
        ("GET", "/api/articles/feed", False),
        ("PUT", "/api/articles/a-b", True),
        ("PUT", "/api/articles/a-b/favorite", False),
        ("DELETE", "/api/profiles/AC/DC/follow", True),
    ],
)
def test_operations_are_compared_by_segment(method: str, target: str, concerned: bool) -> None:
    cause = causes.Cause(
        id="x",
        wrong="",
        operations=("GET /api/articles", "PUT /api/articles/*", "* /api/profiles/**"),
        stage=1,
        weight=causes.WEIGHTS[0],
        found_by=("x",),
    )
    assert cause.concerns(method, target) is concerned


def test_hidden_causes_can_be_planted_with_what_hides_them(tmp_path: Path) -> None:
    challenge = load(causes.CHALLENGE)
    by_id = {cause.id: cause for cause in CAUSES}
    pairs = [(cause, by_id[name]) for cause in CAUSES for name in cause.hides]
    for number, pair in zip(itertools.count(), pairs, strict=False):
        folder = causes.copy_reference(challenge, tmp_path / str(number))
        for cause in sorted(pair, key=CAUSES.index):
            cause.plant(folder)
