"""Which references and mutants are tried."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from worksample.calibration import Trials, run
from worksample.catalogue import load
from worksample.errors import BuildFailed, CannotBuildHere, UserError


def trials(*mutants: str) -> Trials:
    return Trials(load("booking"), stacks=("python-fastapi",), mutants=mutants)


def test_mutants_that_are_asked_for_are_tried() -> None:
    found = trials("anybody-reads-a-reservation").chosen_mutants()
    assert [(stack, each.id) for stack, each in found] == [
        ("python-fastapi", "anybody-reads-a-reservation")
    ]


def test_unknown_mutant_beside_a_known_one_is_told() -> None:
    with pytest.raises(UserError, match="booking has no mutant 'no-such' in python-fastapi"):
        trials("anybody-reads-a-reservation", "no-such").chosen_mutants()


def test_sample_is_drawn_from_the_solutions_that_are_not_left_out() -> None:
    found = Trials(load("booking"), sample=40, left_out=frozenset(["go-nethttp", "python-fastapi"]))
    assert found.chosen_stacks() == ["node-express"]
    assert len(found.chosen_mutants()) == 40
    assert {stack for stack, _ in found.chosen_mutants()} == {"node-express"}
    assert not found.complete


@pytest.mark.parametrize(
    ("error", "left_out"),
    [
        (CannotBuildHere("no network"), {"python-fastapi": "no network"}),
        (BuildFailed("it does not compile"), {}),
    ],
)
def test_only_what_the_machine_lacks_leaves_a_solution_out(
    monkeypatch: pytest.MonkeyPatch, error: BuildFailed, left_out: dict[str, str]
) -> None:
    async def why_not_here(folder: Path, stack: str, *, reasons: type[BuildFailed]) -> str:
        if stack == "node-express":
            return ""
        if isinstance(error, reasons):
            return error.message
        raise error

    monkeypatch.setattr(run, "why_not_here", why_not_here)
    found = Trials(load("booking"), stacks=("node-express", "python-fastapi"))
    assert asyncio.run(found.not_here()) == left_out


def test_sample_runs_one_reference_of_a_server_on_several_databases() -> None:
    conduit = load("conduit")
    families = conduit.answers("a test").families
    seen = set()
    for seed in range(20):
        chosen = Trials(conduit, sample=1, seed=seed).chosen_references()
        assert [sum(name in chosen for name in family) for family in families.values()] == [
            1 for _ in families
        ]
        seen.update(chosen)
    assert seen == set(conduit.answers("a test").solutions)
    assert Trials(conduit).chosen_references() == list(conduit.answers("a test").solutions)


def test_solution_whose_database_is_missing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def why_not_here(*_: object, **__: object) -> str:
        return ""

    monkeypatch.setattr(run, "why_not_here", why_not_here)
    monkeypatch.setenv("WORKSAMPLE_MARIADB_BIN", "/nowhere")
    found = asyncio.run(Trials(load("conduit")).not_here())
    assert list(found) == ["java-spring-mysql", "node-express-mysql", "python-django-mysql"]
    assert all("/nowhere" in why for why in found.values())
