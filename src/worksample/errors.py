"""Every error that Worksample raises on purpose.

    WorksampleError
    ├── UserError            exit 2: what the user asked cannot be done as asked
    │   ├── WorkspaceError       not a workspace, or its settings are wrong
    │   ├── CatalogueError       no such challenge, or its folder is broken
    │   └── PostingError         a job ad that cannot be read
    ├── SubmissionError      exit 3: the learner's server could not be judged
    │   ├── BuildFailed          a build step failed
    │   └── StartFailed          it was built, but never answered
    └── HouseError           exit 4: our own fault, never the learner's
        ├── ServiceUnavailable   a service could not be had on this machine
        └── CheckError           a check itself is broken

A message says what happened, where, and what to do next.
"""

from __future__ import annotations


class WorksampleError(Exception):
    """Something went wrong in Worksample."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UserError(WorksampleError):
    """What was asked cannot be done as it was asked."""

    exit_code = 2


class WorkspaceError(UserError):
    """The folder is not a workspace, or its settings are wrong."""


class CatalogueError(UserError):
    """There is no such challenge, or its folder is broken."""


class PostingError(UserError):
    """The job ad cannot be read."""


class SubmissionError(WorksampleError):
    """The submission could not be brought to the point where it is judged.

    `log` holds the last lines that the failing program printed (untrusted text, bounded),
    `command` what was run, `environment` the variables that we set for it.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        command: str = "",
        environment: dict[str, str] | None = None,
        log: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.command = command
        self.environment = environment or {}
        self.log = log


class BuildFailed(SubmissionError):
    """A build step failed."""


class StartFailed(SubmissionError):
    """The server was built, but never became ready."""


class InternalError(WorksampleError):
    """Our own fault, never the learner's."""


class ServiceUnavailable(InternalError):
    """A service that the challenge needs cannot be had on this machine."""


class CheckError(InternalError):
    """A check itself is broken."""
