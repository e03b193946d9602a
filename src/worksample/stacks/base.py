"""The interface of a stack, what it returns, and the registry of stacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from worksample import discovery
from worksample.stacks.causes import Cause
from worksample.stacks.leaving_out import TestFile, leave_out
from worksample.stacks.settings import PLACEHOLDER, CommandLine, Settings
from worksample.stacks.testing import TestPlan

if TYPE_CHECKING:
    from worksample.stacks.building import BuildContext


@dataclass(frozen=True, slots=True)
class Detection:
    """The stack of a folder, how to build and start it, and why it was chosen.

    `stack` is an id such as `python-fastapi`. `reasons` and `warnings` are sentences for the
    report. `start` is the command of the server and `release` runs once before it (migrations);
    both are shell text or a tuple of arguments. `build` runs after the dependencies are installed.
    `environment` is added to the server's environment; its values may contain `{folder}` and the
    placeholders of worksample.toml (`{port}`, `{postgres.host}`), so that a framework finds port
    and database under the names that it wants. A variable of a service that a run does not have is
    left out.
    `confidence` decides between stacks that match the same folder: 2 if it uses a server framework,
    1 if it has a program to start, else 0.
    """

    stack: str
    reasons: tuple[str, ...]
    start: CommandLine
    release: CommandLine = ""
    build: tuple[CommandLine, ...] = ()
    warnings: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    confidence: int = 1

    def variables(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return `environment` with its placeholders replaced by `values`.

        Variables with a placeholder that is not in `values` are left out.
        """
        return {
            name: PLACEHOLDER.sub(lambda match: values[match[1]], text)
            for name, text in self.environment.items()
            if values.keys() >= set(PLACEHOLDER.findall(text))
        }

    @property
    def override_hint(self) -> str:
        """What to write if the detection is wrong."""
        return 'worksample.toml: [run] command = "...", release = "..." (or a Procfile)'


@dataclass(frozen=True, slots=True)
class Tool:
    """A line of `worksample doctor`: a program that a stack uses, found or not.

    `text` says which version was found where, or what does not work without it, and `remedy` how to
    get it. `essential` marks the language itself, without which none of its servers can be checked.
    """

    name: str
    text: str
    found: bool = True
    remedy: str = ""
    essential: bool = False


class Stack(Protocol):
    """A language: everything that Worksample knows about it.

    Each module or package in this folder (or in `stacks/` of a plugin folder) that has a `STACK` of
    this type adds one. Inherit from this class: only `name`, `marker_files`, `detect` and `prepare`
    have no default.
    """

    name: str
    """The first part of stack ids (`python` of `python-fastapi`)."""
    marker_files: str
    """The files that the detection looks for, as text for an error message."""
    plan_skills: Mapping[str, tuple[str, ...]] = {}
    """Stack id -> the skills (ids of the vocabulary) that work in that stack gives evidence of, for
    any challenge."""
    build_causes: tuple[Cause, ...] = ()
    """What the errors of its package managers and compilers mean."""
    start_causes: tuple[Cause, ...] = ()
    """What the errors of its servers mean."""
    build_variables: tuple[str, ...] = ()
    """The variables of the user's environment that builds get, such as `PIP_*`."""
    server_variables: Mapping[str, str] = {}
    """The variables that let its programs run as in production. Every server gets them, since it
    may start programs of several languages."""
    test_variables: Mapping[str, str] = {}
    """The variables that make its test tools write a report to `{report}`, whatever command runs
    them. All tests over HTTP get them, since their command may run tools of several languages."""
    reversing_variables: Mapping[str, str] = {}
    """The variables that make its test tools run the tests in reverse order. `$NAME` stands for the
    value that a variable has without them."""
    generated_names: frozenset[str] = frozenset()
    """The names of folders and files that its tools make (`node_modules`), which are not copied."""
    library_folders: tuple[str, ...] = ()
    """The names of folders with installed packages; reports show paths from there on."""
    chooses_version: bool = False
    """Whether `[build] NAME = "1.2"` in worksample.toml chooses the version of the language, which
    `prepare` finds in `context.settings.versions`."""

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """Return the detection result for `folder`, or None if it is not of this language.

        `start` is the start command that the project states itself (empty if none); with it, only
        the dependencies and the framework are detected. Raises `WorkspaceError` if the folder is of
        this language but no start command can be determined.
        """

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """Install the dependencies; return the environment (such as PATH) for build and server.

        If `context.tests` is true, what the project's own tests need is installed too. Raises
        `BuildFailed`.
        """

    def is_generated(self, folder: Path) -> bool:
        """Whether its tools made `folder`, whatever its name is; it is not copied then."""
        return False

    def tests(self, folder: Path) -> TestPlan | None:
        """Return how the tests of the project in `folder` are run, or None if it has none.

        Runs nothing. Raises `WorkspaceError` if a file of the project cannot be read.
        """
        return None

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """Return the files of the project in `folder` that have tests, and where these are.

        Runs nothing. A language that does not say it can leave none of them out.
        """
        return ()

    def without_tests(self, folder: Path, names: Collection[str]) -> None:
        """Remove the tests called `names`, and nothing else, from the project in `folder`.

        A test is called as in the results of `tests`. One that runs several times, with other
        values, goes whole. A file that has no test left goes too, unless another file names it.
        Raises `WorkspaceError`, before anything is changed, with all names that no test has.
        """
        generated = {name for each in stacks().values() for name in each.generated_names}
        leave_out(folder, self.test_files(folder), names, generated)

    def error_places(self, log: str) -> list[str]:
        """Return where in the project's own code the errors in `log` happened, in order.

        Each as "app.py:27: SyntaxError: invalid syntax", with the path as the log has it.
        """
        return []

    def tools(self) -> Iterable[Tool]:
        """Return the lines of `worksample doctor`: the language first, then its other programs."""
        return ()


def stacks() -> dict[str, Stack]:
    """Return name -> stack for every module of this package that has one, plugins included."""
    return {each.name: each for each in discovery.exported("worksample.stacks", "STACK", Stack)}


def error_places(log: str) -> list[str]:
    """Return what the first language that understands `log` says of it (`Stack.error_places`)."""
    return next(filter(None, (each.error_places(log) for each in stacks().values())), [])


def error_place(log: str) -> str:
    """Return where the last error in `log` happened, or an empty text."""
    return next(reversed(error_places(log)), "")


def plan_skills() -> dict[str, tuple[str, ...]]:
    """Return stack id -> the skills that work in it gives evidence of, for all languages."""
    return {
        stack: skills for each in stacks().values() for stack, skills in each.plan_skills.items()
    }


def own_and_others(stack: str) -> tuple[list[Stack], list[Stack]]:
    """Return the stack of an id such as `python-fastapi` (empty if unknown) and all others."""
    name = stack.split("-")[0]
    known = stacks().values()
    return [each for each in known if each.name == name], [
        each for each in known if each.name != name
    ]
