"""Mutants: patch files with a YAML header. The format:

defect: CWE-639
symptom: Somebody else deleted my comment.
review: {where: app/comments.py, says: "The author of the comment is never compared."}
killed_by: [only-its-author-deletes-a-comment]
---
diff --git a/app/comments.py b/app/comments.py
...
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from worksample.errors import CatalogueError
from worksample.messages import message

#: libyaml, where it is there, reads hundreds of headers five times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SEPARATOR = "\n---\n"
_FILES = re.compile(r"^(?:--- a/(.+)|\+\+\+ b/(.+))$", re.MULTILINE)
_CHANGED = re.compile(r"^(?:\+(?!\+\+ )|-(?!-- ))", re.MULTILINE)
REQUIRED = ("defect", "symptom", "review", "killed_by")
KEYS = (*REQUIRED, "alone")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One realistic defect as a patch for a reference solution.

    defect: its class, a CWE or OWASP id where one fits.
    symptom: what a customer would report.
    review_where, review_says: the file and the text of a reviewer's comment.
    review_words: further words, in any language, that a comment on it may mention; `review` of the
        header has them as `words`, written as in `defect_classes.toml`.
    killed_by: ids of the checks that must fail on it.
    alone: whether no task has another defect beside it, which it would hide.
    """

    id: str
    path: Path
    defect: str
    symptom: str
    review_where: str
    review_says: str
    killed_by: tuple[str, ...]
    review_words: tuple[str, ...] = ()
    alone: bool = False

    @property
    def files(self) -> frozenset[str]:
        """The files that the patch changes, adds or removes."""
        found = (match for each in _FILES.findall(self.patch) for match in each)
        return frozenset(name for name in found if name)

    @property
    def changed_lines(self) -> int:
        """How many lines the patch adds and removes: no fix needs more."""
        return len(_CHANGED.findall(self.patch))

    @property
    def changed_text(self) -> str:
        """The lines that the patch adds and removes."""
        lines = (line for line in self.patch.splitlines() if _CHANGED.match(line))
        return "\n".join(line[1:] for line in lines)

    @property
    def patch(self) -> str:
        """The patch without its header."""
        return self.path.read_text(encoding="utf-8").partition(_SEPARATOR)[2]

    def apply(self, folder: Path) -> None:
        """Patch the copy of the reference solution in `folder`.

        Raises `CatalogueError` if the patch does not apply.
        """
        done = subprocess.run(
            ["git", "apply", "--whitespace=nowarn", str(self.path.resolve())],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={
                "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
                "PATH": os.environ["PATH"],
            },
        )
        if done.returncode:
            raise CatalogueError(
                message(
                    "The mutant {name} does not apply: {stderr}",
                    name=self.path.name,
                    stderr=done.stderr.strip(),
                ),
                hint="The reference solution has changed; regenerate the patch.",
            )


def mutants_in(folder: Path) -> list[Mutant]:
    """Return the mutants in `folder`, sorted by id; raise `CatalogueError` if one is invalid."""
    return [read_mutant(path) for path in sorted(folder.glob("*.patch"))]


def read_mutant(path: Path) -> Mutant:
    """Read one patch file; raise `CatalogueError` if its header is missing or incomplete."""
    header = header_of(path)
    missing = [key for key in REQUIRED if key not in header]
    if missing:
        raise CatalogueError(
            message("{path}: the header has no {missing}", path=path, missing=", ".join(missing))
        )
    review = header["review"]
    return Mutant(
        id=path.stem,
        path=path,
        defect=str(header["defect"]),
        symptom=str(header["symptom"]),
        review_where=str(review["where"]),
        review_says=str(review["says"]),
        killed_by=tuple(header["killed_by"]),
        review_words=_words(path, review),
        alone=_is_alone(path, header),
    )


def _is_alone(path: Path, header: dict[str, Any]) -> bool:
    alone = header.get("alone", False)
    if not isinstance(alone, bool):
        raise CatalogueError(message("{path}: `alone` must be true or false", path=path))
    return alone


def _words(path: Path, review: dict[str, Any]) -> tuple[str, ...]:
    words = review.get("words", [])
    if not isinstance(words, list) or not all(isinstance(each, str) and each for each in words):
        raise CatalogueError(message("{path}: `words` of `review` must be a list", path=path))
    return tuple(words)


def header_of(path: Path) -> dict[str, Any]:
    """Return the YAML header of a patch file; raise `CatalogueError` if it has none."""
    text = path.read_text(encoding="utf-8")
    head, separator, _ = text.partition(_SEPARATOR)
    if not separator:
        raise CatalogueError(message("{path}: no header: it must end with a line `---`", path=path))
    try:
        header = yaml.load(head, Loader=_Loader)  # noqa: S506 - it is safe
    except yaml.YAMLError as error:
        raise CatalogueError(
            message("{path}: the header is not YAML: {error}", path=path, error=error)
        ) from None
    if not isinstance(header, dict):
        raise CatalogueError(
            message("{path}: the header must be a mapping of keys to values", path=path)
        )
    return header
