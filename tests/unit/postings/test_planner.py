"""The planner: coverage, order, stacks and hours."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from worksample.errors import UserError
from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.model import Posting, Source
from worksample.postings.offers import Offer, Proof, Work, offers_of
from worksample.postings.parser import parse_posting
from worksample.postings.planner import Plan, group_requirements, plan_for


@dataclass
class Product:
    id: str = "feed"
    title: str = "A feed"
    skills: tuple[str, ...] = ("rest", "postgresql")
    kinds: dict[str, float] = field(default_factory=lambda: {"build": 40.0})
    stacks: tuple[str, ...] = ("node-express", "python-fastapi")


STACK_SKILLS = {
    "node-express": ("javascript", "nodejs", "express", "sql"),
    "python-fastapi": ("python", "fastapi", "sql"),
}
SHOP = Product("shop", "A shop", ("kafka", "rest"), {"build": 30.0, "review": 4.0, "test": 6.0})


def ad(*items: str, title: str = "Backend Engineer") -> Posting:
    lines = "\n".join(f"- {item}" for item in items)
    return parse_posting(Source("ad", f"{title}\n\nRequirements\n{lines}\n"))


def offers(*products: Product) -> list[Offer]:
    works = (
        Work(p.id, p.title, kind, hours, p.stacks, p.skills if kind == "build" else (), rank)
        for p in products or (Product(),)
        for rank, (kind, hours) in enumerate(p.kinds.items())
    )
    return list(offers_of(works, STACK_SKILLS))


def step_names(plan: Plan) -> list[str]:
    return [f"{s.offer.kind} {s.offer.challenge} {s.offer.stack}" for s in plan.steps]


def test_picks_stack_that_covers_most_requirements() -> None:
    assert step_names(plan_for(ad("TypeScript and Node.js", "REST APIs"), offers())) == [
        "build feed node-express"
    ]
    assert step_names(plan_for(ad("Python", "REST APIs"), offers())) == [
        "build feed python-fastapi"
    ]


def test_any_member_of_choice_covers_it() -> None:
    plan = plan_for(ad("Java, Go or Python", "Kafka or RabbitMQ"), offers())
    assert [group.name for step in plan.steps for group in step.shows] == ["Java, Go or Python"]
    assert [group.name for group in plan.uncovered] == ["Apache Kafka or RabbitMQ"]


def test_member_covers_umbrella_skill() -> None:
    plan = plan_for(ad("Relational databases"), offers())
    assert [group.skills for group in plan.steps[0].shows] == [("relational-databases",)]


def test_build_step_comes_first_and_no_step_is_redundant() -> None:
    wanted = ad("Kafka", "Code review", "REST APIs")
    assert step_names(plan_for(wanted, offers(SHOP, Product()))) == [
        "build shop python-fastapi",
        "review shop python-fastapi",
    ]


def test_each_step_has_one_line_reason() -> None:
    plan = plan_for(ad("REST APIs", "PostgreSQL", "Kubernetes"), offers())
    assert plan.steps[0].because == "It covers 2 of 3 required skills: REST APIs, PostgreSQL."
    assert "\n" not in plan.steps[0].because


def test_hours_limit_plan_and_rest_is_reported() -> None:
    wanted = ad("Kafka", "Code review", "PostgreSQL")
    plan = plan_for(wanted, offers(SHOP, Product()), hours=36)
    assert plan.hours <= 36
    assert {step.offer.challenge for step in plan.beyond} == {"feed"}
    assert not plan.uncovered
    assert any("did not fit" in note for note in plan.notes)


def test_plan_has_first_step_even_if_hours_are_too_few() -> None:
    plan = plan_for(ad("PostgreSQL"), offers(), hours=8)
    assert step_names(plan) == ["build feed python-fastapi"]
    assert "stage by stage" in plan.notes[0]


def test_uses_requested_stack_and_rejects_unknown_stack() -> None:
    plan = plan_for(ad("Python"), offers(), stack="node-express")
    assert not plan.steps
    assert [group.name for group in plan.uncovered] == ["Python"]
    with pytest.raises(UserError) as caught:
        plan_for(ad("Python"), offers(), stack="cobol-cics")
    assert "node-express, python-fastapi" in caught.value.hint


def test_notes_language_without_stack() -> None:
    plan = plan_for(ad("Java", "REST APIs"), offers())
    assert any("The catalogue has no stack for Java yet" in note for note in plan.notes)


def test_ad_outside_backend_gets_note_instead_of_plan() -> None:
    plan = plan_for(ad("Kotlin", "REST APIs", title="Android Developer"), offers())
    assert not plan.steps
    assert "mobile development" in plan.notes[0]


def test_soft_skills_are_listed_but_not_scored() -> None:
    plan = plan_for(ad("REST APIs", "Teamwork", "Problem solving"), offers())
    assert plan.touched == {"teamwork": (), "problem-solving": (1,)}
    assert all(not group.is_soft for step in plan.steps for group in step.shows)
    assert all(not group.is_soft for group in plan.uncovered)


def test_notes_empty_catalogue() -> None:
    plan = plan_for(ad("Go"), [])
    assert not plan.steps
    assert "Nothing in the catalogue" in plan.notes[-1]


def test_unsure_requirements_are_not_planned() -> None:
    assert group_requirements(ad("Express delivery of results").requirements) == []


def test_statistics_rank_skills_by_number_of_ads() -> None:
    statistics = AdStatistics()
    for wanted in (ad("Go", "Kafka"), ad("Go"), ad("Kotlin", title="Android Developer")):
        statistics.add(wanted)
    assert (statistics.ads, statistics.not_backend) == (2, 1)
    assert [(row.skill, row.ads) for row in statistics.rows()] == [("go", 2), ("kafka", 1)]
    assert [group.skills for group in statistics.requirement_groups()] == [("go",), ("kafka",)]


def test_checks_show_a_skill_that_the_challenge_does_not_name() -> None:
    races = [Proof("concurrency", ("one-seat", "two-names"))]
    proofs = {"concurrency": races, "postgresql": [Proof("performance", ("no-n-plus-1",))]}
    work = Work("feed", "A feed", "build", 40, ("node-express",), ("rest",), proofs=proofs)
    (offer,) = offers_of([work], STACK_SKILLS)
    (step,) = plan_for(ad("Concurrency", "REST APIs", "Relational databases"), [offer]).steps
    shown = {group.skills[0]: offer.proofs_of(group.skills) for group in step.shows}
    assert shown["concurrency"] == races
    assert shown["relational-databases"] == proofs["postgresql"]
    assert shown["rest"] == []
