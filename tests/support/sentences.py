"""Find sentences for people that are made by f-strings, which nobody can translate.

`python -m tests.support.sentences` prints them all, as FILE:LINE: TEXT; those that `done` returns
must have none.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from worksample import errors
from worksample.messages import PLACEHOLDER

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "worksample"
#: What is called with sentences for people: errors, findings, notes.
TO_PEOPLE = {
    *(name for name, each in inspect.getmembers(errors, inspect.isclass)),
    *("Finding", "Problem", "Skipped", "failure", "_fail", "note", "detected"),
}
#: Rooms and files whose sentences are all made by `message`.
DONE = (
    *("postings", "skills", "discovery.py", "cli", "grading", "catalogue"),
    *("services", "sandbox", "stacks", "targets", "wire", "probes", "checks"),
    *("reports", "calibration"),
)


def sources() -> list[Path]:
    """Return all files that may make sentences."""
    checks = (ROOT / "challenges").glob("*/checks/**/*.py")
    return sorted([*SOURCE.rglob("*.py"), *checks])


def done() -> list[Path]:
    """Return the files that must not use f-strings for people."""
    places = [SOURCE / name for name in DONE]
    return sorted(
        path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))
    )


def name_of(path: Path) -> str:
    """Return the path as it is shown to people."""
    return str(path.relative_to(ROOT))


def f_strings_for_people(source: str) -> list[tuple[int, str]]:
    """Return (line, f-string) for each f-string that an error, a finding or a note is made with."""
    calls = [node for node in _calls(source) if _callee(node) in TO_PEOPLE]
    found = {text.lineno: ast.unparse(text) for call in calls for text in _f_strings(call)}
    return sorted(found.items())


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


def _f_strings(node: ast.AST) -> Iterator[ast.JoinedStr]:
    """Yield the f-strings in `node`, but not those that are values of a message."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield child
        elif not (isinstance(child, ast.Call) and _callee(child) == "message"):
            yield from _f_strings(child)


if __name__ == "__main__":
    for each in sources():
        for line, text in f_strings_for_people(each.read_text(encoding="utf-8")):
            print(f"{name_of(each)}:{line}: {text}")  # noqa: T201 - the output
