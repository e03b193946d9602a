"""Pull requests made of mutants and harmless changes."""

from __future__ import annotations

import json
import re

import pytest

from worksample.catalogue import load
from worksample.tasks.facts import FACTS
from worksample.tasks.reviewing.making import ReviewTask, make_review_task, size_of
from worksample.tasks.reviewing.page import page_of
from worksample.tasks.reviewing.texts import form_text, request_text

SEED = 7


@pytest.fixture(scope="module")
def task() -> ReviewTask:
    challenge = load("booking")
    return make_review_task(challenge, challenge.answers("a test"), "python-fastapi", SEED)


def test_same_seed_gives_the_same_task_and_another_seed_another(task: ReviewTask) -> None:
    challenge = load("booking")
    answers = challenge.answers("a test")
    assert make_review_task(challenge, answers, "python-fastapi", SEED) == task
    assert make_review_task(challenge, answers, "python-fastapi", SEED + 1).commits != task.commits


def test_change_is_of_sensible_size_and_mixed(task: ReviewTask) -> None:
    sizes = size_of(task)
    assert 20 <= sum(sizes.values()) < 400
    touched = {path for each in task.defects for path in each.files}
    assert len(sizes.keys() - touched) >= 5
    moments = [each.when for each in (*task.base, *task.commits)]
    assert moments == sorted(moments)


def test_nothing_that_is_handed_out_names_a_defect(task: ReviewTask) -> None:
    texts = [request_text(task), form_text(task), page_of(task), task.branch, task.title]
    texts += [each.subject for each in task.commits]
    shown = "\n".join(texts)
    for each in task.defects:
        assert each.id not in shown and each.review_says not in shown and each.symptom not in shown


def test_page_is_escaped_and_self_contained(task: ReviewTask) -> None:
    page = page_of(task)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "-&gt; None" in page and "<script" not in page


def test_facts_have_what_judges_each_defect(task: ReviewTask) -> None:
    facts = json.loads(task.sealed[FACTS])
    assert len(facts["defects"]) == len(task.defects)
    for each in facts["defects"]:
        assert each["places"] and each["wording"]["classes"] and each["checks"] and each["fix"]
        assert each["places"].keys() <= facts["changes"].keys()
