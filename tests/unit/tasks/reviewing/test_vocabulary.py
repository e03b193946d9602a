"""Mutants on which no comment could count."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.catalogue.mutants import read_mutant
from worksample.errors import CatalogueError
from worksample.tasks.reviewing.vocabulary import mistakes_in_vocabulary

HEADER = """\
defect: {defect}
symptom: It is wrong.
review: {{where: app.py, says: "It is wrong."{words}}}
killed_by: [a-check]
---
"""


def mutant(challenge: Path, defect: str, words: str = "") -> Path:
    path = challenge / "mutants" / "python-plain" / "one.patch"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.format(defect=defect, words=words))
    return path


def test_class_without_words_is_told(tmp_path: Path) -> None:
    path = mutant(tmp_path, "strange")
    (mistake,) = mistakes_in_vocabulary(tmp_path, "a test")
    assert str(mistake).startswith(f"{path}:1: no class of defects has the id 'strange'")


@pytest.mark.parametrize(("defect", "words"), [("CWE-89", ""), ("strange", ", words: [saldo]")])
def test_known_class_or_own_words_are_enough(tmp_path: Path, defect: str, words: str) -> None:
    mutant(tmp_path, defect, words)
    assert not list(mistakes_in_vocabulary(tmp_path, "a test"))


@pytest.mark.parametrize("words", ["saldo", "[1]", "['']", "{a: b}"])
def test_words_must_be_a_list_of_texts(tmp_path: Path, words: str) -> None:
    path = mutant(tmp_path, "CWE-89", f", words: {words}")
    with pytest.raises(CatalogueError, match="must be a list"):
        read_mutant(path)
