"""Validate the vocabulary files and report all mistakes at once, with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksample.messages import message
from worksample.skills.model import KINDS, LANGUAGES

TEXT_FIELDS = {"name", "kind", "junior"}
PHRASE_FIELDS = {
    *("forms", "hints", "exact", "weak", "near", "not_before", "not_after"),
    *LANGUAGES[1:],
}
WORK_FIELDS = ("shown_by", "touched_by")
KNOWN_FIELDS = {
    *TEXT_FIELDS,
    *PHRASE_FIELDS,
    *WORK_FIELDS,
    "umbrella_of",
    "same_as",
    "mid_sentence",
    "needs_list",
}
KINDS_OF_WORK = {"build", "test", "fix", "speed-up", "review", "design", "deploy", "solve"}
SAME_AS = {
    "esco": re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}"),
    "linguist": re.compile(r"\d+"),
    "wikidata": re.compile(r"Q\d+"),
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its file and line, and what to change."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Entry:
    file: str
    line: int
    id: str
    table: Mapping[str, Any]


def find_problems(folder: Path) -> list[Problem]:
    """Return all mistakes in the `*.toml` files of `folder`, sorted by file and line."""
    entries: list[_Entry] = []
    found: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == "not-skills.toml":
            continue
        try:
            entries += _entries(path)
        except tomllib.TOMLDecodeError as broken:
            found.append(
                Problem(
                    path.name,
                    getattr(broken, "lineno", 1),
                    message("invalid TOML: {error}", error=broken),
                )
            )
    ids = {entry.id for entry in entries}
    for entry in entries:
        found += [Problem(entry.file, entry.line, m) for m in _mistakes(entry, ids)]
    found += _duplicates(entries)
    return sorted(found, key=lambda p: (p.file, p.line, p.message))


def _entries(path: Path) -> list[_Entry]:
    text = path.read_text("utf-8")
    tables = tomllib.loads(text)
    lines = {m[1]: text.count("\n", 0, m.start()) + 1 for m in re.finditer(r"(?m)^\[(.+?)\]", text)}
    return [_Entry(path.name, lines.get(key, 1), key, table) for key, table in tables.items()]


def _mistakes(entry: _Entry, ids: set[str]) -> Iterator[str]:
    table, label = entry.table, f"[{entry.id}]"
    if not SLUG.fullmatch(entry.id):
        yield message(
            "{label} is not a slug: use lower-case letters, digits and single hyphens", label=label
        )
    yield from (
        message("{label} has the unknown key {key}", label=label, key=repr(key))
        for key in sorted(set(table) - KNOWN_FIELDS)
    )
    yield from (
        message("{label} has no {key}", label=label, key=repr(key))
        for key in sorted(TEXT_FIELDS - set(table))
    )
    if table.get("kind", KINDS[0]) not in KINDS:
        yield message(
            "{label} kind {kind} is not one of {kinds}",
            label=label,
            kind=repr(table["kind"]),
            kinds=", ".join(KINDS),
        )
    if not str(table.get("junior", "x.")).endswith("."):
        yield message("{label} junior must be one sentence that ends with a full stop", label=label)
    if not any(table.get(key) for key in ("forms", "exact", "weak")):
        yield message("{label} has no form: add forms, exact or weak", label=label)
    for target in table.get("umbrella_of", ()):
        if target not in ids or target == entry.id:
            yield message(
                "{label} umbrella_of names {target}, which is not another skill",
                label=label,
                target=repr(target),
            )
    for key in WORK_FIELDS:
        for work in sorted(set(table.get(key, ())) - KINDS_OF_WORK):
            yield message(
                "{label} {key} names {work}, which is not a kind of work",
                label=label,
                key=key,
                work=repr(work),
            )
    yield from _form_mistakes(entry)
    yield from _link_mistakes(entry)


def _form_mistakes(entry: _Entry) -> Iterator[str]:
    for key in sorted(PHRASE_FIELDS & set(entry.table)):
        for form in entry.table[key]:
            words = form.split() if isinstance(form, str) else []
            if not words or form != " ".join(words):
                yield message(
                    "[{skill}] {key} contains {form}: separate words by single spaces",
                    skill=entry.id,
                    key=key,
                    form=repr(form),
                )
            elif words[0] in ("_", "*") or words[-1] == "_" or re.search(r"\*[^ |]", form):
                yield message(
                    "[{skill}] {key} contains {form}: '_' is for gaps, '*' for word endings",
                    skill=entry.id,
                    key=key,
                    form=repr(form),
                )


def _link_mistakes(entry: _Entry) -> Iterator[str]:
    for scheme, target in entry.table.get("same_as", {}).items():
        if scheme not in SAME_AS:
            yield message(
                "[{skill}] same_as scheme {scheme} is not one of {same_as}",
                skill=entry.id,
                scheme=repr(scheme),
                same_as=", ".join(SAME_AS),
            )
        elif not SAME_AS[scheme].fullmatch(str(target)):
            yield message(
                "[{skill}] same_as {scheme} {target} is not a valid {scheme} id",
                skill=entry.id,
                scheme=scheme,
                target=repr(target),
            )


def _duplicates(entries: list[_Entry]) -> Iterator[Problem]:
    seen: dict[str, _Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.id, entry)
        if first is not entry:
            yield Problem(
                entry.file,
                entry.line,
                message("[{skill}] is already defined in {file}", skill=entry.id, file=first.file),
            )
