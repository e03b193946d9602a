"""What one run grades."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.checks import BRIEF, Profile
from worksample.grading.selection import EVERYTHING, Selection
from worksample.services.detection import UsedService, used_services
from worksample.stacks import Settings

#: The kind of work of a workspace that names none.
DEFAULT_KIND = "build"
LARGEST_SEED = 1_000_000


@dataclass(frozen=True)
class RunRequest:
    """The submission in `folder`, or the running server at `url`, and how to grade it.

    `kind` is the id of the kind of work, which decides what is asked of it.
    `seed` determines all random values of the run, `shuffle` the order of the checks of a stage
    (None: the usual one). `service_urls` maps the names of services to the URLs of servers to use
    instead of new ones. `handed_in` says that `folder` is a submission that its author has handed
    in. `recording` is the file for all exchanges of the run; None if they are not recorded.
    `profile` says which rules of the brief count, `spec` is its id if `--spec` named it.
    """

    challenge: Challenge
    folder: Path
    settings: Settings
    selection: Selection = EVERYTHING
    seed: int = field(default_factory=lambda: secrets.randbelow(LARGEST_SEED))
    url: str = ""
    kind: str = DEFAULT_KIND
    service_urls: Mapping[str, str] = field(default_factory=dict)
    handed_in: bool = False
    recording: Path | None = None
    profile: Profile = BRIEF
    spec: str = ""
    shuffle: int | None = None

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The names of the services to start. Raises `WorkspaceError` for a wrong choice."""
        if self.url:
            return ()
        used = [each.service for each in self.used_services]
        return self.challenge.services.choose(self.settings, used)

    @cached_property
    def used_services(self) -> list[UsedService]:
        """The services that the submission seems to use, where its settings leave a choice open."""
        is_open = self.challenge.services.are_open(self.settings)
        return used_services(self.folder) if is_open else []
