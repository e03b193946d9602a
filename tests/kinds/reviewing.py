"""Solvers of review tasks: they open the seal, and write reviews from what it holds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from worksample.catalogue import load, seal
from worksample.catalogue.defect_classes import defect_classes
from worksample.grading.sealing import unsealed_folder
from worksample.tasks.facts import read_facts
from worksample.tasks.naming import task_name
from worksample.tasks.reviewing.making import KIND, choose_defects, reviewable

#: A sentence of a reviewer for each class, not in the words of the mutants.
SENTENCES = {
    "access": "Damit kommt jeder an die Daten anderer Nutzer heran.",
    "authentication": "Un jeton falsifié ou expiré est accepté ici.",
    "exposure": "Esto revela datos privados al cliente.",
    "secrets": "Whoever reads the table can brute force this.",
    "injection": "O texto é concatenado na consulta, sem parâmetros.",
    "concurrency": "Zwei gleichzeitige Anfragen kommen sich hier in die Quere.",
    "efficiency": "Das wird langsam, sobald die Tabelle wächst: eine Abfrage pro Eintrag.",
    "resources": "La connexion n'est jamais libérée, et le serveur attend sans limite.",
    "input": "Aqui ninguém valida o que o cliente envia.",
    "errors": "Cela lève une exception que personne n'attrape.",
    "contract": "Das widerspricht dem Vertrag.",
    "logic": "Le calcul est inversé : la règle métier n'est plus respectée.",
    "caching": "Other instances keep serving outdated data.",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a seal holds: the defects, and a line of each change as (path, line)."""

    defects: list[Mapping[str, Any]]
    changes: list[tuple[str, int]]


def answered(task: Path) -> Answered:
    """Return what the seal of the task in the folder `task` holds."""
    return answers_in(facts_of(task))


def facts_of(task: Path) -> Mapping[str, Any]:
    """Return `task.json` of the task in the folder `task`."""

    async def opened() -> Mapping[str, Any]:
        path = task / "task.sealed"
        async with unsealed_folder(path, seal.task_of(path)) as folder:
            return read_facts(folder)

    return asyncio.run(opened())


def answers_in(facts: Mapping[str, Any]) -> Answered:
    """Return what `task.json` holds."""
    changes = [
        (path, first) for path, place in facts["changes"].items() for first, _ in place["new"]
    ]
    return Answered(list(facts["defects"]), changes)


def place_of(defect: Mapping[str, Any]) -> tuple[str, int]:
    """Return the file and the first line of a defect."""
    path = next(iter(defect["places"]))
    place = defect["places"][path]
    return path, (place["new"] or place["old"])[0][0]


def review_of(
    found: Answered,
    *,
    verdict: str = "",
    severity: str = "blocking",
    text: str = "",
    drift: int = 0,
    only: int | None = None,
) -> str:
    """Return a review with a comment on each defect, or on the first `only` ones."""
    decision = verdict or ("request changes" if found.defects else "approve")
    return "".join(
        (
            f"Verdict: {decision}\n\n",
            *(
                f"{path}:{max(1, line + drift)}: {severity}: {text or each['says']}\n"
                for each in found.defects[:only]
                for path, line in [place_of(each)]
            ),
        )
    )


def in_other_words(found: Answered) -> str:
    """Return a right review that shares no words with the mutants' own comments."""
    decision = "request changes" if found.defects else "approve"
    return "\n".join((f"Verdict: {decision}", "", *_sentences(found), ""))


def _sentences(found: Answered) -> Iterator[str]:
    for each in found.defects:
        path, line = place_of(each)
        classes = sorted(each["wording"]["classes"])
        yield f"- `{path}:{line}`: blocking: {SENTENCES[classes[0]]}"


def sound_places(found: Answered) -> list[tuple[str, int]]:
    """Return a line of each change of the files in which no defect is."""
    defective = {path for each in found.defects for path in each["places"]}
    return [(path, line) for path, line in found.changes if path not in defective]


@cache
def seed_with(count: int, challenge: str, stack: str) -> int:
    """Return the first task seed whose pull request has `count` defects."""
    found = load(challenge)
    known = reviewable(found.answers("a test"), stack)
    for seed in range(1000):
        rng = random.Random(task_name(found, KIND, stack, seed))
        if len(choose_defects(known, rng)[0]) == count:
            return seed
    raise AssertionError(count)


assert SENTENCES.keys() == defect_classes().keys()
