"""Plans show what is asked by work that exists, in an order that builds up, and say the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from worksample.errors import UserError
from worksample.postings.model import Posting, Source
from worksample.postings.offers import Offer, offers_of
from worksample.postings.planner import Plan, asks_of, plan_for
from worksample.postings.together import Field
from worksample.postings.understand import understand


@dataclass
class Product:
    id: str = "feed"
    title: str = "A feed"
    skills: tuple[str, ...] = ("rest", "postgresql")
    kinds: dict[str, float] = field(default_factory=lambda: {"build": 40.0})
    stacks: tuple[str, ...] = ("node-express", "python-fastapi")


SHOP = Product("shop", "A shop", ("kafka", "rest"), {"build": 30.0, "review": 4.0, "test": 6.0})


def ad(*items: str, title: str = "Backend Engineer") -> Posting:
    lines = "\n".join(f"- {item}" for item in items)
    return understand(Source("ad", f"{title}\n\nRequirements\n{lines}\n"))


def offers(*products: Product) -> list[Offer]:
    return list(offers_of(products or (Product(),)))


def names(plan: Plan) -> list[str]:
    return [f"{s.offer.kind} {s.offer.challenge} {s.offer.stack}" for s in plan.steps]


def test_the_stack_is_the_one_that_the_ad_asks() -> None:
    assert names(plan_for(ad("TypeScript and Node.js", "REST APIs"), offers())) == [
        "build feed node-express"
    ]
    assert names(plan_for(ad("Python", "REST APIs"), offers())) == ["build feed python-fastapi"]


def test_a_choice_is_asked_once_and_any_of_its_members_shows_it() -> None:
    plan = plan_for(ad("Java, Go or Python", "Kafka or RabbitMQ"), offers())
    assert [ask.name for step in plan.steps for ask in step.shows] == ["Java, Go or Python"]
    assert [ask.name for ask in plan.uncovered] == ["Apache Kafka or RabbitMQ"]


def test_a_member_shows_its_umbrella() -> None:
    plan = plan_for(ad("Relational databases"), offers())
    assert [ask.skills for ask in plan.steps[0].shows] == [("relational-databases",)]


def test_building_comes_before_what_builds_upon_it_and_nothing_is_added_for_nothing() -> None:
    wanted = ad("Kafka", "Code review", "REST APIs")
    assert names(plan_for(wanted, offers(SHOP, Product()))) == [
        "build shop python-fastapi",
        "review shop python-fastapi",
    ]


def test_each_step_says_in_one_line_why_it_is_there() -> None:
    plan = plan_for(ad("REST APIs", "PostgreSQL", "Kubernetes"), offers())
    assert plan.steps[0].because == "It shows 2 of the 3 things required: REST APIs, PostgreSQL."
    assert "\n" not in plan.steps[0].because


def test_hours_bound_the_plan_and_what_does_not_fit_is_said() -> None:
    wanted = ad("Kafka", "Code review", "PostgreSQL")
    plan = plan_for(wanted, offers(SHOP, Product()), hours=36)
    assert plan.hours <= 36
    assert {step.offer.challenge for step in plan.beyond} == {"feed"}
    assert not plan.uncovered
    assert any("did not fit" in note for note in plan.notes)


def test_hours_that_are_too_few_for_anything_still_give_a_first_step() -> None:
    plan = plan_for(ad("PostgreSQL"), offers(), hours=8)
    assert names(plan) == ["build feed python-fastapi"]
    assert "stage by stage" in plan.notes[0]


def test_a_stack_that_is_wanted_is_used_and_an_unknown_one_refused() -> None:
    plan = plan_for(ad("Python"), offers(), stack="node-express")
    assert not plan.steps
    assert [ask.name for ask in plan.uncovered] == ["Python"]
    with pytest.raises(UserError) as caught:
        plan_for(ad("Python"), offers(), stack="cobol-cics")
    assert "node-express, python-fastapi" in caught.value.hint


def test_a_language_without_a_stack_is_said_honestly() -> None:
    plan = plan_for(ad("Java", "REST APIs"), offers())
    assert any("No stack of the catalogue is Java yet" in note for note in plan.notes)


def test_an_ad_for_other_work_gets_no_plan_and_is_told_so() -> None:
    plan = plan_for(ad("Kotlin", "REST APIs", title="Android Developer"), offers())
    assert not plan.steps
    assert "mobile development" in plan.notes[0]


def test_soft_skills_are_touched_and_never_scored() -> None:
    plan = plan_for(ad("REST APIs", "Teamwork", "Problem solving"), offers())
    assert plan.touched == {"teamwork": (), "problem-solving": (1,)}
    assert all(not ask.is_soft for step in plan.steps for ask in step.shows)
    assert all(not ask.is_soft for ask in plan.uncovered)


def test_an_empty_catalogue_says_that_nothing_is_shown() -> None:
    plan = plan_for(ad("Go"), [])
    assert not plan.steps
    assert "Nothing in the catalogue" in plan.notes[-1]


def test_what_is_unsure_is_not_planned() -> None:
    assert asks_of(ad("Express delivery of results").requirements) == []


def test_a_field_of_ads_is_counted_and_the_most_asked_weighs_most() -> None:
    field_of_ads = Field()
    for wanted in (ad("Go", "Kafka"), ad("Go"), ad("Kotlin", title="Android Developer")):
        field_of_ads.add(wanted)
    assert (field_of_ads.ads, field_of_ads.others) == (2, 1)
    assert [(row.skill, row.ads) for row in field_of_ads.rows()] == [("go", 2), ("kafka", 1)]
    assert [ask.skills for ask in field_of_ads.asks()] == [("go",), ("kafka",)]
