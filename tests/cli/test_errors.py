"""Only the CLI knows exit codes, commands and options: it adds them to errors and verdicts."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import worksample
from worksample import errors
from worksample.cli import print_error
from worksample.cli._exit_codes import code_of_error, code_of_verdict
from worksample.cli._hints import hints_of
from worksample.grading import RunVerdict

SOURCE = Path(worksample.__file__).parent
COMMAND_OR_OPTION = re.compile(
    r"worksample (?:check|start|plan|skills|catalogue|report|replay)\b"
    r"|--(?:all|challenge|html|json|junit|only|postgres|save|seed|stack|stage|url|watch)\b"
)
ERRORS = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, errors.WorksampleError)
]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.WorksampleError, 4),
        (errors.UserError, 2),
        (errors.NotAWorkspace, 2),
        (errors.PostingError, 2),
        (errors.BuildFailed, 3),
        (errors.StartFailed, 3),
        (errors.InternalError, 4),
        (errors.ServiceUnavailable, 4),
    ],
)
def test_exit_code_of_error(error: type[errors.WorksampleError], code: int) -> None:
    assert code_of_error(error) == code


def test_exit_code_of_every_verdict() -> None:
    assert {verdict.value: code_of_verdict(verdict) for verdict in RunVerdict} == {
        "accepted": 0,
        "nothing found": 0,
        "rejected": 1,
        "build failed": 3,
        "start failed": 3,
        "error": 4,
    }


def test_errors_and_verdicts_have_no_exit_code() -> None:
    assert not [each for each in (*ERRORS, RunVerdict) if hasattr(each, "exit_code")]


@pytest.mark.parametrize(
    ("error", "command"),
    [
        (errors.NotAWorkspace("x"), "worksample check --challenge conduit"),
        (errors.NotAWorkspace("x"), "worksample start conduit DIR"),
        (errors.NoSavedRun("x"), "worksample check"),
        (errors.BrokenReport("x"), "worksample check"),
        (errors.BrokenChallenge("x"), "worksample catalogue validate"),
        (errors.SavedPlanError("x"), "worksample plan posting.txt --save"),
        (errors.UnknownSkill("x"), "worksample skills"),
        (errors.ServerAddressError("x"), "--url"),
        (errors.DatabaseAddressError("x"), "--postgres"),
        (errors.ServiceUnavailable("x"), "--postgres URL"),
        (
            errors.StarterError("x", hint="", challenge="conduit", stack="node-express"),
            "worksample start conduit --stack node-express DIR",
        ),
    ],
)
def test_hint_names_command_to_type_next(error: errors.WorksampleError, command: str) -> None:
    assert command in " ".join(hints_of(error))


def test_prints_own_hint_before_command(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(errors.UnknownSkill("No skill is called 'postgre'.", hint="Did you mean a?"))
    assert capsys.readouterr().err.splitlines() == [
        "No skill is called 'postgre'.",
        "→ Did you mean a?",
        "→ `worksample skills` lists all of them.",
    ]


def test_errors_raised_outside_cli_name_no_command_and_no_option() -> None:
    assert not [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        if "cli" not in path.relative_to(SOURCE).parts
        for line, text in texts_of_errors(path)
        if COMMAND_OR_OPTION.search(text)
    ]


def texts_of_errors(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every text in a `raise` statement of the module at `path`, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for part in ast.walk(node) if isinstance(node, ast.Raise) else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.lineno, part.value
