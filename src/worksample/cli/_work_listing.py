"""The work of the catalogue as a list: what is offered, and what is done already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from worksample.catalogue import Challenge, load_all
from worksample.cli._offers import all_offers
from worksample.cli._paths import display_path
from worksample.cli._plan_runs import find_runs
from worksample.errors import UserError
from worksample.grading import RunVerdict, Workspace
from worksample.grading.kinds import kind_called, kinds
from worksample.messages import message, plural
from worksample.postings.offers import Offer, in_stack
from worksample.postings.progress import Run
from worksample.skills import get

_COLUMNS = 80
_INDENT = " " * 15
_MAX_RUNS = 3


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A kind of work of a challenge, as offers in its stacks, and the learner's runs of it."""

    challenge: Challenge
    offers: tuple[Offer, ...]
    runs: tuple[Run, ...]

    @property
    def kind(self) -> str:
        """The id of the kind of work."""
        return self.offers[0].kind

    @property
    def stacks(self) -> list[str]:
        """The ids of the stacks; none if the work needs none."""
        return [each.stack for each in self.offers if each.stack]

    @property
    def skills(self) -> list[str]:
        """The ids of the skills that the work gives evidence of, whatever the stack."""
        return sorted(frozenset.intersection(*(each.gives for each in self.offers)))

    @property
    def latest_runs(self) -> list[Run]:
        """The run to show of each workspace: an accepted one, else the latest one."""
        by_workspace: dict[Path, Run] = {}
        for run in sorted(self.runs, key=lambda each: (_is_accepted(each), each.when)):
            by_workspace[run.workspace] = run
        return list(by_workspace.values())[::-1]


def listed_work(
    folder: Path, *, kind: str = "", stack: str = "", skill: str = ""
) -> tuple[list[ListedWork], list[str]]:
    """Return (the work on offer of a kind, in a stack, for a skill, a message per broken report).

    "" stands for any. What is done is looked for in and below `folder`. Raises `UserError` if there
    is no such kind, stack or skill, or no such work.
    """
    runs, broken = find_runs(_around(folder))
    offers = in_stack(all_offers(), stack)
    if kind:
        kind_called(kind)
        offers = [each for each in offers if each.kind == kind]
    if skill:
        wanted = get(skill).id
        offers = [each for each in offers if each.shows(wanted)]
    found = [
        _listed(challenge, same_kind, runs)
        for challenge in load_all()
        for same_kind in _by_kind(each for each in offers if each.challenge == challenge.id)
    ]
    if not found:
        raise UserError(
            "The catalogue has no such work.", hint="Leave out --kind, --stack or --skill."
        )
    return found, broken


def _around(folder: Path) -> Path:
    """Return the folder around the workspace that `folder` lies in; `folder` if it lies in none."""
    try:
        return Workspace.open(folder).folder.parent
    except UserError:
        return folder


def _by_kind(offers: Iterable[Offer]) -> list[tuple[Offer, ...]]:
    ordered = sorted(offers, key=lambda each: (each.rank, each.kind, each.stack))
    return [tuple(group) for _, group in groupby(ordered, key=lambda each: each.kind)]


def _listed(challenge: Challenge, offers: tuple[Offer, ...], runs: Iterable[Run]) -> ListedWork:
    wanted = challenge.id, offers[0].kind
    return ListedWork(
        challenge, offers, tuple(each for each in runs if (each.challenge, each.kind) == wanted)
    )


def _is_accepted(run: Run) -> bool:
    return run.verdict == RunVerdict.ACCEPTED.value


def print_work(found: Sequence[ListedWork]) -> None:
    """Print the work of each challenge, in 80 columns."""
    for challenge, group in groupby(found, key=lambda each: each.challenge):
        _print_challenge(challenge)
        for each in group:
            _print_one(each)
        click.echo()
    click.echo("Start one: worksample start CHALLENGE --kind KIND --stack STACK [DIR]")


def _print_challenge(challenge: Challenge) -> None:
    click.echo(f"{click.style(challenge.id, bold=True)}  {challenge.title}")
    size = message(
        "{stages}, {checks}.",
        stages=plural(len(challenge.stages), "one stage", "{count} stages"),
        checks=plural(len(challenge.checks), "one check", "{count} checks"),
    )
    text = f"{challenge.summary} {size}" if challenge.checks else challenge.summary
    click.echo(_wrapped(text, "  ", "  "))


def _print_one(work: ListedWork) -> None:
    offer = work.offers[0]
    hours = message("{hours} h", hours=f"{offer.hours:g}")
    name = click.style(f"{work.kind:<12}", bold=True)
    click.echo(f"\n  {name} {kinds()[work.kind].title}, {hours}")
    for title, text in (
        ("stacks", ", ".join(work.stacks)),
        ("skills", ", ".join(work.skills)),
        ("done", _done(work.latest_runs)),
    ):
        if text:
            click.echo(_wrapped(text, f"    {title:<11}", _INDENT))


def _wrapped(text: str, first: str, others: str) -> str:
    """Return `text` in lines; no id is broken at a hyphen."""
    return fill(
        text,
        _COLUMNS,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _done(runs: Sequence[Run]) -> str:
    shown = [
        message(
            "{workspace}: {verdict}, {passed} of {checks} checks pass ({day})",
            workspace=display_path(run.workspace),
            verdict=run.verdict_title.lower(),
            passed=run.passed,
            checks=run.checks,
            day=run.when[:10],
        )
        for run in runs[:_MAX_RUNS]
    ]
    if more := len(runs[_MAX_RUNS:]):
        shown.append(plural(more, "one more", "{count} more"))
    return "; ".join(shown)


def as_data(found: Sequence[ListedWork]) -> dict[str, Any]:
    """Return the list as JSON-compatible data (docs/commands.md)."""
    challenges = {each.challenge.id: each.challenge for each in found}
    return {
        "version": 1,
        "challenges": [each.describe() for each in challenges.values()],
        "work": [
            {
                "challenge": each.challenge.id,
                "kind": each.kind,
                "title": kinds()[each.kind].title,
                "hours": each.offers[0].hours,
                "stacks": each.stacks,
                "skills": each.skills,
                "commands": [offer.command for offer in each.offers],
                "done": any(_is_accepted(run) for run in each.runs),
                "runs": [_run_data(run) for run in each.latest_runs],
            }
            for each in found
        ],
    }


def _run_data(run: Run) -> dict[str, Any]:
    return {
        "workspace": str(run.workspace),
        "stack": run.stack,
        "verdict": run.verdict,
        "when": run.when,
        "passed": run.passed,
        "checks": run.checks,
    }
