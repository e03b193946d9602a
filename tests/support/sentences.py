"""Find sentences for people that are made by f-strings, which nobody can translate.

`python -m tests.support.sentences` prints them all, as FILE:LINE: TEXT. An f-string is for people

- if an error, a finding, a note or the like is made with it, or
- if its fixed text has a word beside another word or a value (`all {n} requests`, `{n} ms`),

unless an error for programmers, a pattern or a query is made with it, or it is data for a request
(with a unique name in it), or it stands in a place that `NOT_SENTENCES` names.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from worksample import errors
from worksample.messages import PLACEHOLDER

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "worksample"
#: What is called with sentences for people: errors, findings, notes.
TO_PEOPLE = {
    *(name for name, each in inspect.getmembers(errors, inspect.isclass)),
    *("Finding", "Problem", "Skipped", "Undecided", "LaunchError", "ResponseError"),
    *("failure", "_fail", "note", "detected"),
}
#: What is called with patterns, queries and errors for programmers.
NOT_TO_PEOPLE = {
    *("ValueError", "TypeError", "KeyError", "RuntimeError"),
    *("compile", "SQL", "SqlStatement", "removeprefix"),
}
#: Keywords whose value is a key or a command.
KEYWORDS = {"cause", "command"}
#: Fixed text with a word beside another word or a value, which `\0` stands for.
PROSE = re.compile(
    r"""(?:^|[\s\0(“"])[A-Za-z][a-z']+[,;:.!?”)]*\s+\S|\S\s+[a-z']{2,}(?:[\s,;:.!?)”]|$)"""
)
#: Places with f-strings that look like sentences, by what these are.
NOT_SENTENCES = {
    "commands and scripts": {
        "cli/_hints.py:_next_step",
        *("reports/support/formatting.py:check_command", "reports/text/findings.py:"),
        *("probes/http/curl.py:", "stacks/building.py:shell_argv"),
        *("stacks/node/own_tests.py:", "stacks/node/package.py:start", "stacks/node/tools.py:make"),
        *("stacks/python/detection.py:", "stacks/python/own_tests.py:_django_plan"),
        *("stacks/python/project.py:", "stacks/java/__init__.py:_of_maven"),
        "tasks/history.py:_imported",
    },
    "keys": {
        *(
            "grading/fingerprint.py:",
            "grading/grouping.py:",
            "postings/planner.py:group_requirements",
        ),
        *("grading/symptoms.py:",),
        *("services/data_folders.py:measure", "services/mysql/server.py:_write_accounts"),
        "services/valkey/server.py:_configuration",
        *("challenges/booking/checks/concurrency/state.py:seats_and_money",),
    },
    "requests, headers and pages": {
        *("probes/hostile.py:odd_authorization", "probes/http/serialize.py:serialize_request"),
        *("suites/url_names.py:similar_titles_get_different_names",),
        *("targets/readiness.py:_probe", "reports/html.py:_policy", "postings/jsonld.py:"),
        *("challenges/conduit/checks/behaviour/narrowing.py:a_filter_means_the_whole_name",),
        *("challenges/conduit/checks/contract/wording.py:the_token_travels_as_token",),
        *("challenges/conduit/checks/resilience/writes.py:_names",),
        *("challenges/conduit/checks/security/access.py:accounts_need_a_token",),
    },
    "logs and tracebacks": {
        *("wire/transcript.py:", "checks/outcome.py:", "checks/suite.py:_add"),
    },
}


def sources() -> list[Path]:
    """Return all files that may make sentences."""
    checks = (ROOT / "challenges").glob("*/checks/**/*.py")
    return sorted([*SOURCE.rglob("*.py"), *checks])


def name_of(path: Path) -> str:
    """Return the path as it is shown to people."""
    return str(path.relative_to(ROOT))


def excused(path: Path) -> set[str]:
    """Return the functions of the file whose f-strings are no sentences; "" stands for all."""
    within = path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT).as_posix()
    places = (place.rpartition(":") for each in NOT_SENTENCES.values() for place in each)
    return {function for file, _, function in places if file == within}


def f_strings_for_people(source: str, excused: Collection[str] = ()) -> list[tuple[int, str]]:
    """Return (line, f-string) for each f-string that is for people.

    Those in the functions that `excused` names are left out; "" stands for the whole file.
    """
    found = _found_in(ast.parse(source), _Around())
    kept = [text for text, function in found if not {function, ""} & set(excused)]
    return sorted((text.lineno, ast.unparse(text)) for text in kept)


@dataclass(frozen=True)
class _Around:
    """What is around a node: the innermost function, call and keyword, and any call for people."""

    function: str = "(module)"
    call: str = ""
    keyword: str = ""
    for_people: bool = False


def _found_in(node: ast.AST, around: _Around) -> Iterator[tuple[ast.JoinedStr, str]]:
    """Yield the f-strings for people in `node`, each with the function that it is in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        around = _Around(function=node.name)
    elif isinstance(node, ast.Call):
        around = _inside(node, around)
    elif isinstance(node, ast.keyword):
        around = replace(around, keyword=node.arg or "")
    elif isinstance(node, ast.JoinedStr) and _is_for_people(node, around):
        yield node, around.function
    for child in ast.iter_child_nodes(node):
        yield from _found_in(child, around)


def _inside(call: ast.Call, around: _Around) -> _Around:
    """Return what is around the arguments; the values of a message are not for people as such."""
    name = _callee(call)
    for_people = name in TO_PEOPLE or (around.for_people and name != "message")
    return replace(around, call=name, keyword="", for_people=for_people)


def _is_for_people(text: ast.JoinedStr, around: _Around) -> bool:
    if around.call in NOT_TO_PEOPLE or around.keyword in KEYWORDS:
        return False
    if "unique_name(" in ast.unparse(text):
        return False
    fixed = (each.value if isinstance(each, ast.Constant) else "\0" for each in text.values)
    return around.for_people or PROSE.search("".join(map(str, fixed))) is not None


def unfit_templates(source: str) -> list[tuple[int, str]]:
    """Return (line, template) where the names in a literal template are not those of its values.

    The templates of `plural` may leave out the count.
    """
    found = []
    for call in _calls(source):
        values = {word.arg for word in call.keywords}
        optional = {"count"} if _callee(call) == "plural" else set()
        for template in _templates(call):
            names = set(PLACEHOLDER.findall(template))
            if None not in values and not values <= names <= values | optional:
                found.append((call.lineno, template))
    return found


def _templates(call: ast.Call) -> list[str]:
    """Return the literal templates that `call` makes a message of."""
    made = {"message": call.args[:1], "plural": call.args[1:3]}.get(_callee(call), [])
    values = [each.value for each in made if isinstance(each, ast.Constant)]
    return [value for value in values if isinstance(value, str)]


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _callee(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


if __name__ == "__main__":
    for each in sources():
        for line, text in f_strings_for_people(each.read_text(encoding="utf-8"), excused(each)):
            print(f"{name_of(each)}:{line}: {text}")  # noqa: T201 - the output
