"""Which checks a budget allows: those that tell most for the time, in order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import reports
from worksample.catalogue import load, load_all
from worksample.catalogue.costs import CheckCost, read_costs
from worksample.catalogue.measured import as_json
from worksample.checks import Aspect, Check
from worksample.errors import BrokenChallenge
from worksample.grading import Selection
from worksample.grading.budget import by_value, plan
from worksample.grading.harm import Harm, harm_at_risk

BEHAVIOUR, CONTRACT, RACES = Aspect.BEHAVIOUR, Aspect.CONTRACT, Aspect.CONCURRENCY


def ids(checks: Any) -> list[str]:
    return [check.id for check in checks]


def checks(**aspects: Aspect) -> list[Check]:
    """Return a check of stage 2 with each name and aspect."""
    return [reports.check(name, aspect=aspect) for name, aspect in aspects.items()]


def test_cheap_checks_come_before_dear_ones() -> None:
    costs = {"dear": CheckCost(9, (1, 2)), "cheap": CheckCost(1, (3,))}
    assert ids(by_value(checks(dear=BEHAVIOUR, cheap=BEHAVIOUR), costs)) == ["cheap", "dear"]


def test_more_defects_come_before_fewer() -> None:
    costs = {"few": CheckCost(1, (1,)), "many": CheckCost(1, (2, 3))}
    assert ids(by_value(checks(few=BEHAVIOUR, many=BEHAVIOUR), costs)) == ["many", "few"]


def test_defects_that_an_earlier_check_finds_tell_nothing_new() -> None:
    costs = {
        "both": CheckCost(1, (1, 2)),
        "again": CheckCost(1, (1, 2)),
        "other": CheckCost(1, (3,)),
    }
    chosen = by_value(checks(both=BEHAVIOUR, again=BEHAVIOUR, other=BEHAVIOUR), costs)
    assert ids(chosen) == ["both", "other", "again"]
    assert ids(by_value(chosen, costs, known=(1, 2))) == ["other", "both", "again"]


def test_greater_harm_comes_first() -> None:
    costs = dict.fromkeys(("form", "use", "race"), CheckCost(1, (1,)))
    chosen = by_value(checks(form=CONTRACT, use=BEHAVIOUR, race=RACES), costs)
    assert ids(chosen) == ["race", "use", "form"]


def test_lowest_stage_comes_first_among_equals() -> None:
    found = [reports.check("late", stage=3), reports.check("early", stage=1)]
    costs = {"late": CheckCost(1), "early": CheckCost(1)}
    assert ids(by_value(found, costs)) == ["early", "late"]


@pytest.mark.parametrize(
    ("aspect", "skills", "harm"),
    [
        (Aspect.SECURITY, (), Harm.LIMITED),
        (Aspect.CONCURRENCY, (), Harm.OTHERS_DATA),
        (Aspect.RESILIENCE, ("databases",), Harm.OTHERS_DATA),
        (Aspect.RESILIENCE, (), Harm.LIMITED),
        (Aspect.BEHAVIOUR, ("access-control",), Harm.OTHERS_DATA),
        (Aspect.BEHAVIOUR, (), Harm.EVERYBODY),
        (Aspect.PERFORMANCE, (), Harm.LIMITED),
        (Aspect.CONTRACT, (), Harm.FORM),
    ],
)
def test_harm_at_risk(aspect: Aspect, skills: tuple[str, ...], harm: Harm) -> None:
    assert harm_at_risk(reports.check("one", aspect=aspect, skills=skills)) is harm


def test_harm_at_risk_of_what_takes_the_data_of_others() -> None:
    check = reports.check("one", aspect=Aspect.SECURITY, cites="OWASP API1:2023 (CWE-639)")
    assert harm_at_risk(check) is Harm.OTHERS_DATA


def test_plan_begins_with_what_costs_nothing_and_what_proves_the_operations() -> None:
    conduit = load("conduit")
    proofs = {each.proven_by for each in conduit.world.operations}
    found = plan(conduit, conduit.checks, 20).checks
    passive = [check for check in found if check.function is None]
    assert list(found[: len(passive)]) == passive
    assert set(ids(found[len(passive) : len(passive) + len(proofs)])) == proofs
    races = [check for check in found if check.aspect is RACES]
    assert len(found) < len(conduit.checks)
    assert races


def test_a_longer_budget_begins_like_a_shorter_one() -> None:
    conduit = load("conduit")
    short, longer = (plan(conduit, conduit.checks, each).checks for each in (5, 60))
    assert list(longer[: len(short)]) == list(short)


def test_a_long_budget_asks_everything() -> None:
    for challenge in load_all():
        assert set(plan(challenge, challenge.checks, 10_000).checks) == set(challenge.checks)


def test_costs_are_those_of_checks_that_exist() -> None:
    for challenge in load_all():
        assert set(challenge.costs) <= {check.id for check in challenge.checks}


def test_costs_round_trip_and_name_the_broken_file(tmp_path: Any) -> None:
    costs = {"b": CheckCost(0.5, (1, 2)), "a": CheckCost(2)}
    assert not read_costs(tmp_path)
    (tmp_path / "costs.json").write_bytes(as_json(costs))
    assert read_costs(tmp_path) == costs
    (tmp_path / "costs.json").write_text('{"a": 3}')
    with pytest.raises(BrokenChallenge, match=r"costs\.json is broken"):
        read_costs(tmp_path)


def test_budget_is_a_selection_and_no_evidence() -> None:
    budget = Selection(stage=3, budget=60)
    assert str(budget) == "stages 1 to 3; within 60 s"
    assert not Selection(budget=60).is_everything
    assert budget.covers(3)
    assert not budget.covers(4)
