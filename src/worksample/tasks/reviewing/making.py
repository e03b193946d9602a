"""Make a task of the kind `review`: a pull request with defects, or without, and its answers."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers
from worksample.catalogue.mutants import Mutant
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.choosing import are_apart
from worksample.tasks.facts import facts_file
from worksample.tasks.history import Commit
from worksample.tasks.naming import task_name
from worksample.tasks.people import REQUESTERS, Reporter
from worksample.tasks.repository import PullRequest, Source, with_documents, write_pull_request
from worksample.tasks.reviewing.handed_out import handed_out
from worksample.tasks.reviewing.ranges import changes_between, places_of_defect
from worksample.tasks.reviewing.wording import common_stems, wording_of
from worksample.tasks.trees import Tree, changed_lines, patch

KIND = "review"
NEEDED_BY = "the kind of work review"
PROPOSED = "proposed"
#: How many tasks of twenty have no defect, one, two, three and four.
_WEIGHTS = {0: 3, 1: 6, 2: 6, 3: 3, 4: 2}
#: A defect of more lines is seen by its size.
_LARGEST_DEFECT = 60


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """A pull request: the commits of the main branch, then those of `branch`.

    number, title: what people call it. asked_by: who asks for the review, and why. harmless: how
    many harmless changes the branch brings. sealed: `task.json`, and the repository as the branch
    has it (`proposed/`).
    """

    name: str
    base: Sequence[Commit]
    branch: str
    commits: Sequence[Commit]
    number: int
    title: str
    asked_by: Reporter
    harmless: int
    defects: Sequence[Mutant]
    sealed: Tree


def make_review_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> ReviewTask:
    """Make the task of a task seed. Raises `UserError` if the stack has no mutants for one."""
    name = task_name(challenge, KIND, stack, seed)
    rng = random.Random(name)  # noqa: S311 - not for secrets
    known = reviewable(answers, stack)
    if not known:
        raise UserError(
            message(
                "{challenge} has no defects to review in {stack}.",
                challenge=challenge.id,
                stack=stack,
            )
        )
    chosen, disguise = choose_defects(known, rng)
    source = Source.for_defects(answers, stack, chosen)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        request = write_pull_request(source, chosen, disguise, place / "history", rng)
        facts = _facts(challenge, source, request, chosen, known, place)
    title = _title(request, rng)
    branch = "-".join(title.lower().split())
    trees = request.base[-1].tree, request.commits[-1].tree
    facts["handed_out"] = asdict(handed_out(branch, *trees))
    commits = with_documents(challenge, request.commits)
    return ReviewTask(
        name=name,
        base=with_documents(challenge, request.base),
        branch=branch,
        commits=commits,
        number=rng.randrange(20, 400),
        title=title,
        asked_by=rng.choice(REQUESTERS),
        harmless=request.harmless,
        defects=chosen,
        sealed={**facts_file(facts), **_proposed(commits[-1].tree)},
    )


def reviewable(answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that can hide in a pull request.

    Which own tests they break is known, and they are not seen by their size.
    """
    measured = answers.broken_own_tests(stack)
    small = (each for each in answers.mutants(stack) if each.changed_lines <= _LARGEST_DEFECT)
    return [each for each in small if each.id in measured]


def choose_defects(
    known: Sequence[Mutant], rng: random.Random
) -> tuple[list[Mutant], frozenset[str]]:
    """Return up to four mutants that stay told apart, and the files in which much is changed.

    Without a defect these are such as a defect would touch.
    """
    (wanted,) = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    chosen: list[Mutant] = []
    for mutant in rng.sample(known, len(known)):
        if len(chosen) < max(1, wanted) and all(are_apart(mutant, other) for other in chosen):
            chosen.append(mutant)
    touched = frozenset().union(*(each.files for each in chosen))
    return chosen[:wanted], touched


def _proposed(tree: Tree) -> dict[str, bytes]:
    return {f"{PROPOSED}/{path}": content for path, content in tree.items()}


def _title(request: PullRequest, rng: random.Random) -> str:
    """Return the subject of one of the commits: none of them tells more than another."""
    return rng.choice(request.commits).subject


def _facts(
    challenge: Challenge,
    source: Source,
    request: PullRequest,
    chosen: Sequence[Mutant],
    known: Sequence[Mutant],
    place: Path,
) -> dict[str, Any]:
    base, head = request.base[-1].tree, request.commits[-1].tree
    common = common_stems(known)
    titles = {check.id: check for check in challenge.checks}
    defects = []
    for number, mutant in enumerate(chosen):
        left = [each for each in chosen if each is not mutant]
        fixed = source.tree(place / f"fixed-{number}", left, request.varied)
        checks = [titles[each] for each in mutant.killed_by if each in titles]
        defects.append(
            {
                "mutant": mutant.id,
                "symptom": mutant.symptom,
                "where": mutant.review_where,
                "says": mutant.review_says,
                "stage": min((check.stage for check in checks), default=1),
                "checks": [
                    {"id": check.id, "title": check.title, "clause": check.clause}
                    for check in checks
                ],
                "places": {
                    path: asdict(found)
                    for path, found in places_of_defect(base, head, fixed).items()
                },
                "wording": asdict(wording_of(challenge, mutant, common)),
                "fix": patch(head, fixed),
            }
        )
    changes = {path: asdict(found) for path, found in changes_between(base, head).items()}
    return {"defects": defects, "changes": changes}


def size_of(task: ReviewTask) -> dict[str, int]:
    """Return how many lines the pull request adds and removes in each file."""
    return changed_lines(task.base[-1].tree, task.commits[-1].tree)
