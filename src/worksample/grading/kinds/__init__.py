"""The kinds of work: one module each, found without registration, plugins included."""

from __future__ import annotations

from collections.abc import Mapping

from worksample import discovery
from worksample.catalogue import Challenge
from worksample.errors import UserError, WorkspaceError
from worksample.grading.kinds.base import (
    Answer,
    Filled,
    Filling,
    Kind,
    Outcome,
    Proving,
    Revealing,
    Serving,
    Started,
    StartRequest,
    Step,
)
from worksample.grading.run_request import DEFAULT_KIND
from worksample.messages import message
from worksample.stacks import Settings
from worksample.stacks.settings import location


def kinds() -> dict[str, Kind]:
    """Return id -> kind of work, in the order in which they build on each other."""
    found = discovery.exported(__name__, "KIND", Kind)
    return {each.id: each for each in sorted(found, key=lambda kind: (kind.rank, kind.id))}


def kind_called(name: str) -> Kind:
    """Return the kind of work with the id `name`; raise `UserError` if there is none."""
    known = kinds()
    if name not in known:
        raise UserError(
            message("There is no kind of work {name}.", name=repr(name)), hint=_list(known)
        )
    return known[name]


def kind_of(challenge: Challenge, settings: Settings) -> Kind:
    """Return the kind of work that worksample.toml names, or the one that `start` makes.

    Raises `UserError`, with file and line of worksample.toml, if there is no such kind or the
    challenge does not offer it.
    """
    try:
        return offered_kind(challenge, settings.kind)
    except UserError as error:
        if not settings.kind:
            raise
        place = location(settings, ("kind",))
        problem = message("{place}: kind: {problem}", place=place, problem=error.message)
        raise WorkspaceError(problem, hint=error.hint) from None


def offered_kind(challenge: Challenge, name: str = "") -> Kind:
    """Return the kind of work called `name` (empty: `build`, or the only one) of `challenge`.

    Raises `UserError` if there is no such kind, or if the challenge does not offer it.
    """
    offered = list(challenge.kinds)
    chosen = name or (offered[0] if len(offered) == 1 else DEFAULT_KIND)
    kind = kind_called(chosen)
    if chosen not in offered:
        raise UserError(
            message(
                "{challenge} does not offer the kind of work {kind}.",
                challenge=challenge.id,
                kind=repr(chosen),
            ),
            hint=message("It offers: {kinds}.", kinds=", ".join(offered)),
        )
    return kind


def _list(known: Mapping[str, Kind]) -> str:
    return message("The kinds of work are: {kinds}.", kinds=", ".join(known))


__all__ = [
    "DEFAULT_KIND",
    "Answer",
    "Filled",
    "Filling",
    "Kind",
    "Outcome",
    "Proving",
    "Revealing",
    "Serving",
    "StartRequest",
    "Started",
    "Step",
    "kind_called",
    "kind_of",
    "kinds",
    "offered_kind",
]
