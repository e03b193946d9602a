"""The kind of work `review`: find what is wrong with a pull request, and what is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.validation import PARTS
from worksample.checks import CheckResult
from worksample.grading.checked_reviews import note_of_reviews
from worksample.grading.giving_up import note_of_giving_up
from worksample.grading.kinds.base import Answer, Outcome, Started, StartRequest, Step
from worksample.grading.progress import Progress
from worksample.grading.proving import failing_checks
from worksample.grading.report import Score, judge
from worksample.grading.review_checks import clause, results_of, untouched
from worksample.grading.run import Run
from worksample.grading.run_request import RunRequest
from worksample.grading.sealing import unsealed_folder
from worksample.grading.task_workspace import (
    SEALED,
    Handout,
    chosen_stack,
    make_task_workspace,
    offered_stacks,
    task_in,
)
from worksample.grading.workspace import Workspace
from worksample.messages import message
from worksample.stacks import load_settings
from worksample.tasks.facts import read_facts
from worksample.tasks.history import Branch
from worksample.tasks.reviewing.form import read_review
from worksample.tasks.reviewing.handed_out import what_differs
from worksample.tasks.reviewing.judging import KnownDefect, KnownRequest, judged, known_request
from worksample.tasks.reviewing.making import NEEDED_BY, PROPOSED, ReviewTask, make_review_task
from worksample.tasks.reviewing.page import page_of
from worksample.tasks.reviewing.texts import FORM, PAGE, REQUEST, RULES, form_text, request_text
from worksample.tasks.reviewing.vocabulary import mistakes_in_vocabulary


class Review:
    """The learner's `review.md` is compared with the defects of a pull request."""

    id = "review"
    title = "review a pull request"
    rank = 4
    needs = PARTS - {"starters"}

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the stacks with measured own tests, or those of shipped tasks."""
        return offered_stacks(challenge, self.id, NEEDED_BY)

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills of whoever reads the code of others."""
        return ("code-review", "git", "debugging")

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make the repository with the pull request of a task seed. Raises `UserError`."""
        answers = challenge.answers(NEEDED_BY)
        stack = chosen_stack(challenge, self.stacks(challenge), request.stack)
        task = make_review_task(challenge, answers, stack, request.seed)
        make_task_workspace(challenge, _handout(task), request.folder)
        steps = (
            Step(
                message("less {file}", file=REQUEST),
                "what is proposed, and how you are judged",
            ),
            Step("git diff main", message("the change; {page} shows it in a browser", page=PAGE)),
            Step(message("edit {file}", file=FORM), "your verdict and comments"),
            Step("worksample check", "compare your review with what is known"),
        )
        made_of = message("{stack}, task {seed}", stack=stack, seed=request.seed)
        return Started(made_of, steps, stack)

    def task_files(self, folder: Path) -> Collection[str]:
        """Return the sealed file, and the description of the pull request."""
        return (SEALED, REQUEST)

    async def judge(self, run: Run) -> Outcome:
        """Compare the review with the defects. Raises `UserError` if it cannot be read."""
        run.step("reading")
        folder, challenge = run.request.folder, run.request.challenge
        async with run.unsealed(SEALED, task_in(folder, challenge)) as opened:
            known = _known(opened)
        review = read_review(folder / FORM)
        run.quote({clause(number): text for number, text in enumerate(RULES.values(), 1)})
        if review.is_untouched:
            results = untouched()
            return Outcome(judge(results), results)
        found = judged(review, known)
        workspace = Workspace(folder, run.request.settings, challenge.id)
        run.note(*found.outside, *what_differs(folder, known.handed_out))
        run.note(note_of_reviews(workspace, review), note_of_giving_up(folder))
        results = results_of(review, found, known, challenge)
        return Outcome(judge(results), results, _score(found.found, known))

    async def reveal(self, challenge: Challenge, folder: Path) -> Sequence[Answer]:
        """Return the comment, the fix and the failing checks of each defect."""
        async with unsealed_folder(folder / SEALED, task_in(folder, challenge)) as opened:
            known = _known(opened)
        if not known.defects:
            return [Answer("There is no defect", REQUEST, "It can be merged as it is.", "")]
        return [_answer(each) for each in known.defects]

    async def prove(
        self, request: RunRequest, progress: Progress
    ) -> Sequence[Sequence[CheckResult]]:
        """Run the checks that fail on each defect on the server of the pull request."""
        name = task_in(request.folder, request.challenge)
        async with unsealed_folder(request.folder / SEALED, name) as opened:
            known, server = _known(opened), opened / PROPOSED
            if not known.defects:
                return ()
            proposed = replace(request, folder=server, settings=load_settings(server))
            checks = [[check.id for check in each.checks] for each in known.defects]
            return await failing_checks(proposed, progress, checks)

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield the mutants on which no comment would count, for want of words."""
        yield from mistakes_in_vocabulary(folder, NEEDED_BY)


def _handout(task: ReviewTask) -> Handout:
    return Handout(
        kind=Review.id,
        name=task.name,
        commits=task.base,
        files={REQUEST: request_text(task), FORM: form_text(task), PAGE: page_of(task)},
        subject=message("Ask for a review of {branch}", branch=task.branch),
        sealed=task.sealed,
        branch=Branch(task.branch, task.commits),
    )


def _known(opened: Path) -> KnownRequest:
    return known_request(read_facts(opened))


def _score(found: Collection[int], known: KnownRequest) -> Score | None:
    """Return how many defects were found; None where there are none."""
    return Score("defects found", len(found), len(known.defects)) if known.defects else None


def _answer(defect: KnownDefect) -> Answer:
    path = defect.where if defect.where in defect.places else min(defect.places)
    first, _ = (*defect.places[path].new, (1, 1))[0]
    proofs = [
        message("“{title}” ({clause}, {id})", title=each.title, clause=each.clause, id=each.id)
        for each in defect.checks
    ]
    says = message(
        "{says}\n\nA customer would say: {symptom}\nThe checks that fail on it: {checks}.",
        says=defect.says,
        symptom=defect.symptom,
        checks="; ".join(proofs),
    )
    title, dot, _ = defect.symptom.partition(". ")
    return Answer(f"{title}{dot.strip()}", f"{path}:{first}", says, defect.fix)


KIND = Review()
