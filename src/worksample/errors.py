"""Every error that Worksample raises on purpose.

    WorksampleError
    ├── UserError                what the user asked for cannot be done
    │   ├── WorkspaceError           the folder is not a workspace, or its settings are wrong
    │   │   ├── NotAWorkspace            there is no folder, or nothing names its challenge
    │   │   ├── NoSavedRun               no run has been saved in the workspace
    │   │   ├── BrokenReport             the report of a saved run cannot be read
    │   │   └── BrokenArchive            a submission's archive cannot be unpacked
    │   ├── CatalogueError           there is no such challenge, or its folder is broken
    │   │   ├── BrokenChallenge          a file of the challenge cannot be used
    │   │   └── MissingAnswers           its solutions and mutants are not installed
    │   ├── BrokenSeal               what a task carries sealed was changed
    │   ├── PluginError              a plugin folder or a module in it cannot be used
    │   ├── StarterError             a starter cannot be copied as requested
    │   ├── PostingError             a job ad cannot be read
    │   ├── SavedPlanError           no plan is saved, or it cannot be read
    │   ├── UnknownSkill             the vocabulary has no such skill
    │   ├── ServerAddressError       no server answers at the address given for one
    │   └── DatabaseAddressError     no database answers at the address given for one
    ├── SubmissionError          the learner's server could not be built or started
    │   ├── BuildFailed              a build step failed
    │   │   └── CannotBuildHere          the language, or what must be downloaded, is not to be had
    │   ├── StartFailed              the server was built, but never became ready
    │   └── DialogueFailed           the program did not answer on standard output as it must
    └── InternalError            a fault of Worksample or of this machine, never the learner's
        ├── ServiceUnavailable       this machine cannot provide a service
        ├── DatabaseError            a query of Worksample's own failed
        └── CheckError               a check itself is broken

A message says what happened and where, a hint what to do next. Neither names a command or an
option: `worksample.cli` adds them, and the exit code, from the type of the error.
"""

from __future__ import annotations


class WorksampleError(Exception):
    """Base of all errors that Worksample raises on purpose.

    `hint` is advice for the user, empty where there is none.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UserError(WorksampleError):
    """What the user asked for cannot be done."""


class WorkspaceError(UserError):
    """The folder is not a workspace, or its settings are wrong."""


class NotAWorkspace(WorkspaceError):
    """There is no such folder, or nothing says which challenge it answers."""


class NoSavedRun(WorkspaceError):
    """No run has been saved in the workspace."""


class BrokenReport(WorkspaceError):
    """The report of a saved run cannot be read."""


class BrokenArchive(WorkspaceError):
    """The archive of a submission cannot be unpacked."""


class CatalogueError(UserError):
    """There is no such challenge, or its folder is broken."""


class BrokenChallenge(CatalogueError):
    """A file of the challenge cannot be read or imported."""


class MissingAnswers(CatalogueError):
    """The reference solutions and mutants of the challenge are not installed."""


class BrokenSeal(UserError):
    """A sealed file of a task was changed, is missing, or belongs to another task."""


class PluginError(UserError):
    """A plugin folder does not exist, or a module in it cannot be imported, or is incomplete."""


class StarterError(UserError):
    """A starter cannot be copied as requested.

    `challenge` and `stack` identify a starter that can be.
    """

    def __init__(self, message: str, *, hint: str, challenge: str, stack: str) -> None:
        super().__init__(message, hint=hint)
        self.challenge = challenge
        self.stack = stack


class PostingError(UserError):
    """The job ad cannot be read."""


class SavedPlanError(UserError):
    """No plan is saved, or it cannot be read."""


class UnknownSkill(UserError):
    """The vocabulary has no skill of this name."""


class ServerAddressError(UserError):
    """No server answers at the address that was given for it."""


class DatabaseAddressError(UserError):
    """No database server answers at the address that was given for it."""


class SubmissionError(WorksampleError):
    """The submission could not be built or started, so no check could run.

    `log` holds the last lines that the failing program printed (untrusted text, bounded),
    `command` what was run, `environment` the variables that Worksample set for it.
    """

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


class CannotBuildHere(BuildFailed):
    """This machine lacks the language, or cannot download what the build needs."""


class StartFailed(SubmissionError):
    """The server was built, but never became ready."""


class DialogueFailed(SubmissionError):
    """The program did not answer on standard output as it must."""


class InternalError(WorksampleError):
    """A fault of Worksample or of this machine, never the learner's."""


class ServiceUnavailable(InternalError):
    """This machine cannot provide a service that the challenge needs."""


class DatabaseError(InternalError):
    """The database did not do what Worksample itself asked of it."""


class CheckError(InternalError):
    """A check itself is broken."""
