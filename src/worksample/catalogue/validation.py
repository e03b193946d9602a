"""Validate a challenge folder: report all mistakes at once, with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import yaml

from worksample.catalogue import answer_validation, loading, operation_validation, seal
from worksample.catalogue.answers import SOLUTIONS, Answers, answers_of
from worksample.catalogue.brief import clauses_of
from worksample.catalogue.cost_validation import mistakes_in_costs
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.profiles import left_out_proofs, mistakes_in_profiles
from worksample.catalogue.services import DATABASE, ServiceNeeds, line_of, mistakes_in
from worksample.checks import Check, Contract
from worksample.errors import CatalogueError, MissingAnswers
from worksample.messages import message
from worksample.services import services

_TEXTS = ("title", "version", "summary")
_LISTS = ("skills", "stages")
_KEYS = (*_TEXTS, *_LISTS, "services", "kinds", "profiles")
_FILES = ("challenge.toml", "brief.md")
_FILES_OF_PARTS = {
    "contract": ("openapi.yaml",),
    "checks": ("checks/__init__.py", "checks/world.py"),
}
_KEYS_OF_PARTS = ("services", "stages")
_OPTIONAL_KEYS = ("profiles",)
_FOLDERS_OF_PARTS = ("solutions", "starters")
#: The parts of a challenge that a kind of work may need.
PARTS = frozenset((*_FILES_OF_PARTS, *_KEYS_OF_PARTS, *_FOLDERS_OF_PARTS))


class KindLike(Protocol):
    """What validation needs to know of a kind of work."""

    @property
    def needs(self) -> Collection[str]:
        """The parts of a challenge that it needs, of `PARTS`."""

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield what is wrong with the challenge in `folder` for this kind of work alone."""


def validate(
    folder: Path, kinds: Mapping[str, KindLike], skills: Collection[str] = ()
) -> list[Mistake]:
    """Return all mistakes in the challenge in `folder`, sorted. Imports its modules.

    Solutions and mutants are left out if they are not installed (`find_answers`).

    `kinds` are the kinds of work that exist, `skills` the ids of the skill vocabulary; if empty,
    skills are not validated.
    """
    offered = _offered(folder, kinds)
    needed = frozenset(part for kind in offered for part in kind.needs) if offered else PARTS
    found = [*_absent_files(folder, needed)]
    if (folder / "challenge.toml").is_file():
        found += _settings(folder, kinds, needed, skills)
    if (folder / "brief.md").is_file():
        found += _brief(folder)
    if (folder / "openapi.yaml").is_file():
        found += _contract(folder)
    if (folder / "checks" / "world.py").is_file():
        found += _checks(folder, skills)
    others = _other_databases(folder)
    found += answer_validation.starters(folder, others, needed="starters" in needed)
    if (answers := find_answers(folder)) is not None:
        found += answer_validation.solutions(answers, needed=SOLUTIONS in needed)
        found += answer_validation.mutants(folder, answers)
    for path in (folder / seal.TASKS).rglob(f"*{seal.SUFFIX}"):
        found += seal.mistakes_in(path)
    for kind in offered:
        found += kind.validate(folder)
    return sorted(set(found))


def find_answers(folder: Path) -> Answers | None:
    """Return the answers of the challenge in `folder`, None if they are not installed."""
    try:
        return answers_of(folder, "validation")
    except MissingAnswers:
        return None


def _offered(folder: Path, kinds: Mapping[str, KindLike]) -> list[KindLike]:
    """Return the kinds of work that the challenge offers, as far as they exist."""
    try:
        named = tomllib.loads((folder / "challenge.toml").read_text("utf-8")).get("kinds")
    except (OSError, ValueError):
        return []
    return [kinds[name] for name in named if name in kinds] if isinstance(named, dict) else []


def _other_databases(folder: Path) -> Collection[str]:
    """Return the databases that the challenge offers beside the usual one."""
    try:
        table = tomllib.loads((folder / "challenge.toml").read_text("utf-8"))
        return ServiceNeeds.read(table.get("services", [])).choices.get(DATABASE, ())[1:]
    except (OSError, ValueError):
        return ()


def _absent_files(folder: Path, needed: Collection[str]) -> Iterator[Mistake]:
    wanted = [*_FILES, *(name for part in needed for name in _FILES_OF_PARTS.get(part, ()))]
    for name in wanted:
        if not (folder / name).is_file():
            yield Mistake(folder / name, 0, "is missing")


def _settings(
    folder: Path,
    kinds: Collection[str],
    needed: Collection[str],
    skills: Collection[str],
) -> Iterator[Mistake]:
    path = folder / "challenge.toml"
    text = path.read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        yield Mistake(
            path, int(line[1]) if line else 0, message("is not TOML: {error}", error=error)
        )
        return
    for key in _KEYS:
        if key in table or key in _OPTIONAL_KEYS:
            continue
        if key in needed or key not in _KEYS_OF_PARTS:
            yield Mistake(path, 0, message("the key `{key}` is missing", key=key))
    for key, value in table.items():
        at = matching_line(text, rf"^\[*{re.escape(key)}\b")
        if key not in _KEYS:
            yield Mistake(
                path,
                at,
                message("unknown key `{key}`; the keys are {keys}", key=key, keys=", ".join(_KEYS)),
            )
        elif key in _TEXTS and not (isinstance(value, str) and value.strip()):
            yield Mistake(path, at, message("`{key}` must be a non-empty string", key=key))
        elif key in _LISTS and not (isinstance(value, list) and value):
            yield Mistake(path, at, message("`{key}` must be a non-empty list", key=key))
    yield from _stages(path, text, table.get("stages"))
    yield from _kinds(path, text, table.get("kinds"), kinds)
    for problem in mistakes_in(table.get("services", []), services()):
        yield Mistake(path, line_of(text, problem), problem)
    clauses = _clauses_in(folder)
    yield from mistakes_in_profiles(path, text, table.get("profiles", {}), clauses)
    for skill in _texts(table.get("skills")):
        if skills and skill not in skills:
            at = matching_line(text, rf'"{re.escape(skill)}"')
            yield Mistake(
                path, at, message("the skill `{skill}` is not in the vocabulary", skill=skill)
            )


def _clauses_in(folder: Path) -> Collection[str]:
    try:
        return clauses_of((folder / "brief.md").read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ()


def _stages(path: Path, text: str, stages: Any) -> Iterator[Mistake]:
    if not isinstance(stages, list):
        return
    numbers = [stage.get("number") if isinstance(stage, dict) else None for stage in stages]
    if numbers != list(range(1, len(stages) + 1)):
        yield Mistake(
            path, matching_line(text, r"^\[\[stages"), "stages must be numbered 1, 2, 3 and so on"
        )
    for index, stage in enumerate(stages):
        if not isinstance(stage, dict) or not str(stage.get("title", "")).strip():
            yield Mistake(
                path, matching_line(text, r"^\[\[stages", index), "this stage has no title"
            )


def _kinds(path: Path, text: str, kinds: Any, known: Collection[str]) -> Iterator[Mistake]:
    if not isinstance(kinds, dict) or not kinds:
        at = matching_line(text, r"^\[?kinds\b")
        yield Mistake(
            path, at, "the challenge offers no kind of work: `[kinds.build]` with `hours`"
        )
        return
    for kind, entry in kinds.items():
        if kind not in known:
            at = matching_line(text, rf"^\[?kinds\.{re.escape(kind)}\b")
            there = ", ".join(known)
            yield Mistake(
                path,
                at,
                message(
                    "unknown kind of work `{kind}`; the kinds are {known}", kind=kind, known=there
                ),
            )
        hours = entry.get("hours") if isinstance(entry, dict) else None
        if isinstance(hours, bool) or not isinstance(hours, int | float) or hours <= 0:
            at = matching_line(text, rf"^\[kinds\.{re.escape(kind)}\]")
            yield Mistake(
                path, at, message("kind `{kind}` needs `hours` (a number above 0)", kind=kind)
            )


def _brief(folder: Path) -> Iterator[Mistake]:
    path = folder / "brief.md"
    text = path.read_text(encoding="utf-8")
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        clause = re.match(r"- \*\*([A-Z][0-9]+)\.\*\*", line)
        if clause and clause[1] in seen:
            yield Mistake(path, number, message("rule {clause} appears twice", clause=clause[1]))
        if clause:
            seen.add(clause[1])
    if not seen:
        yield Mistake(path, 0, "has no numbered rules (`- **A1.** ...`) for checks to refer to")


def _contract(folder: Path) -> Iterator[Mistake]:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    path = folder / "openapi.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Mistake(
            path, mark.line + 1 if mark else 0, message("is not YAML: {error}", error=error)
        )
        return
    for problem in OpenAPIV31SpecValidator(document).iter_errors():
        where = [str(step) for step in problem.absolute_path]
        at = _yaml_line(text, where)
        place = ".".join(where) or "the document"
        wrong = message("{place}: {problem}", place=place, problem=problem.message[:200])
        yield Mistake(path, at, wrong)


def _checks(folder: Path, skills: Collection[str]) -> Iterator[Mistake]:
    try:
        world = loading.world_of(folder)
        checks, mistakes = loading.declared_in(folder)
    except CatalogueError as error:
        yield Mistake(folder / "checks", 0, error.message)
        return
    for mistake in mistakes:
        yield Mistake(*_place(folder, mistake.source), mistake.message)
    clauses = clauses_of((folder / "brief.md").read_text("utf-8"))
    stages = _stage_numbers(folder)
    operations = _operation_ids(folder)
    yield from operation_validation.operations(folder, world.operations, operations, checks)
    yield from left_out_proofs(folder, world.operations, checks)
    yield from mistakes_in_costs(folder, checks)
    for check in checks:
        unknown = sorted(set(check.operations) - operations)
        problems = [
            message("the contract has no operation {name}", name=repr(name)) for name in unknown
        ]
        for problem in (*problems, *_check(check, clauses, stages, skills)):
            said = message("{check}: {problem}", check=check.id, problem=problem)
            yield Mistake(*_place(folder, check.source), said)


def _check(
    check: Check,
    clauses: Collection[str],
    stages: Collection[int],
    skills: Collection[str],
) -> Iterator[str]:
    for clause in check.clauses:
        if clause not in clauses:
            yield message("the brief has no rule {rule}", rule=repr(clause))
    if stages and check.stage not in stages:
        yield message("the challenge has no stage {stage}", stage=check.stage)
    if not check.title.strip() or not check.why.strip():
        yield "needs a title and a `why`"
    for skill in check.skills:
        if skills and skill not in skills:
            yield message("the skill `{skill}` is not in the vocabulary", skill=skill)
    if not check.skills:
        yield "needs at least one skill that it gives evidence of"


def _stage_numbers(folder: Path) -> list[int]:
    try:
        table = tomllib.loads((folder / "challenge.toml").read_text("utf-8"))
        return [stage["number"] for stage in table["stages"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _operation_ids(folder: Path) -> set[str]:
    try:
        return {each.id for each in Contract.read(folder / "openapi.yaml").operations}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return set()


def _place(folder: Path, source: str) -> tuple[Path, int]:
    """Return file and line of a declaration; the file as `folder` spells it."""
    name, _, line = source.rpartition(":")
    path, root = Path(name), folder.absolute()
    return (folder / path.relative_to(root) if path.is_relative_to(root) else path), int(line)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _yaml_line(text: str, path: list[str]) -> int:
    """Return the line of the deepest node on `path` that exists in the YAML text."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for step in path:
        children: list[Any] = getattr(node, "value", [])
        if isinstance(node, yaml.MappingNode):
            match = [(k, v) for k, v in children if k.value == step]
            if not match:
                break
            line, node = match[0][0].start_mark.line + 1, match[0][1]
        elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(children):
            node = children[int(step)]
            line = node.start_mark.line + 1
        else:
            break
    return line
