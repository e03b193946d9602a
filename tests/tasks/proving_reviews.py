"""Prove one task of the kind `review`: it is made, and right and wrong answers are told apart."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kinds.reviewing import Answered, answers_in, in_other_words, review_of
from worksample.catalogue import load
from worksample.grading.report import RunVerdict, judge
from worksample.grading.review_checks import results_of
from worksample.tasks.facts import FACTS
from worksample.tasks.reviewing.form import parsed
from worksample.tasks.reviewing.judging import KnownRequest, judged, known_request
from worksample.tasks.reviewing.making import make_review_task, size_of

MOST_LINES = 400


def problems_of_review(challenge: str, stack: str, seed: int) -> list[str]:
    """Return what is wrong with the task of a seed, a line each; none if it is proven."""
    found = load(challenge)
    task = make_review_task(found, found.answers("a proof"), stack, seed)
    facts = json.loads(task.sealed[FACTS])
    known, answers = known_request(facts), answers_in(facts)
    lines = list(_wrong_verdicts(known, answers, challenge))
    if (size := sum(size_of(task).values())) > MOST_LINES:
        lines.append(f"{size} lines are changed")
    if task.harmless < 10:
        lines.append(f"only {task.harmless} changes are harmless")
    return [f"{challenge} {stack} review seed {seed}: {line}" for line in lines]


def _wrong_verdicts(known: KnownRequest, answers: Answered, challenge: str) -> list[str]:
    soup = "Race condition, SQL injection, missing authorization, n+1."
    everything = "\n".join(
        f"{path}:{line}: blocking: The check is missing." for path, line in answers.changes
    )
    accepted = {
        "the mutants' own comments": review_of(answers),
        "other words": in_other_words(answers),
        "three lines off": review_of(answers, drift=3),
    }
    rejected = {"everything marked": f"Verdict: request changes\n{everything}"}
    if answers.defects:
        rejected |= {
            "approved": review_of(answers, verdict="approve"),
            "nothing marked": review_of(answers, only=0),
            "all classes named": review_of(answers, text=soup),
            "no reason": review_of(answers, text="This is wrong."),
            "nits only": review_of(answers, severity="nit"),
        }

    def is_accepted(text: str) -> bool:
        return _is_accepted(known, text, challenge)

    return [
        *(f"{name}: rejected" for name, text in accepted.items() if not is_accepted(text)),
        *(f"{name}: accepted" for name, text in rejected.items() if is_accepted(text)),
    ]


def _is_accepted(known: KnownRequest, text: str, challenge: str) -> bool:
    review, mistakes = parsed(text, Path("review.md"))
    assert not mistakes, mistakes
    results = results_of(review, judged(review, known), known, load(challenge))
    return judge(results) is RunVerdict.ACCEPTED
