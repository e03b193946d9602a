"""Which profile a run judges by."""

from __future__ import annotations

from worksample.catalogue import Challenge
from worksample.checks import Profile
from worksample.errors import UserError, WorkspaceError
from worksample.messages import message
from worksample.stacks import Settings
from worksample.stacks.settings import location


def profile_of(challenge: Challenge, settings: Settings, named: str = "") -> Profile:
    """Return the profile `named`, else that of worksample.toml, else the public one or the brief.

    Raises `UserError` if the challenge has no such profile; for one in worksample.toml with file
    and line.
    """
    if named:
        return profile_called(challenge, named)
    if not settings.spec:
        return challenge.public_profile
    try:
        return profile_called(challenge, settings.spec)
    except UserError as error:
        place = location(settings, ("spec",))
        problem = message("{place}: spec: {problem}", place=place, problem=error.message)
        raise WorkspaceError(problem, hint=error.hint) from None


def profile_called(challenge: Challenge, name: str) -> Profile:
    """Return the profile of `challenge` called `name`; raise `UserError` if there is none."""
    for profile in challenge.profiles:
        if profile.id == name:
            return profile
    known = (message("{id} ({title})", id=each.id, title=each.title) for each in challenge.profiles)
    raise UserError(
        message(
            "{challenge} has no specification called {name}.",
            challenge=challenge.id,
            name=repr(name),
        ),
        hint=message("Choose one of these: {known}.", known=", ".join(known)),
    )
