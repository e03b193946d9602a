"""Tasks of the kind `test`: a first test, and servers with planted defects that tests must find."""

from __future__ import annotations

import random
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers, folders_in
from worksample.catalogue.mutants import Mutant, read_mutant
from worksample.errors import UserError
from worksample.messages import message
from worksample.stacks.settings import SETTINGS_FILE
from worksample.tasks.choosing import testable
from worksample.tasks.facts import facts_file, read_facts
from worksample.tasks.history import Commit
from worksample.tasks.naming import task_name
from worksample.tasks.people import draw_authors
from worksample.tasks.repository import documents_of
from worksample.tasks.testing_story import BACKLOG, backlog
from worksample.tasks.trees import Tree, is_test, tree_of

KIND = "test"
NEEDED_BY = "the kind of work test"
SKELETONS = "skeletons"
REFERENCES, DEFECTS = "references", "defects"
#: How many defects are planted, and how many of a hundred must be found.
DEFECT_COUNT, SHARE = 20, 70
_FIRST_DAY = datetime(2025, 9, 1, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TestTask:
    """A task: the commits of its repository, the last files, and what judges it.

    `settings` are the lines of worksample.toml that say how the tests are run. `sealed` has the
    reference solutions (`references/<solution>/`), the mutants (`defects/<number>.patch`), and
    `task.json`.
    """

    __test__ = False

    name: str
    commits: Sequence[Commit]
    files: Mapping[str, str]
    settings: str
    mutants: Sequence[Mutant]
    sealed: Tree


@dataclass(frozen=True, slots=True)
class Defect:
    """A planted defect, with its mutant and the stage of the challenge that it belongs to."""

    number: int
    stage: int
    mutant: Mutant

    @property
    def symptom(self) -> str:
        """What a customer would report, in one line."""
        return " ".join(self.mutant.symptom.split())


@dataclass(frozen=True, slots=True)
class SealedTask:
    """What is sealed of a task.

    `stack` is the solution into which the defects are planted, `needed` how many must be found,
    `references` holds the folder of each solution, and `digests` those of the files that were
    handed out, by path.
    """

    stack: str
    needed: int
    defects: Sequence[Defect]
    references: Mapping[str, Path]
    digests: Mapping[str, str]

    def is_untouched(self, tree: Tree) -> bool:
        """Return whether `tree` has nothing that was not handed out, or that was changed."""
        return all(self.digests.get(path) == _digest(tree[path]) for path in tree)


def needed_of(count: int) -> int:
    """Return how many of `count` defects must be found."""
    return ceil(count * SHARE / 100)


def skeletons(challenge: Challenge) -> Mapping[str, Path]:
    """Return the folder of each test skeleton, by the name of its stack."""
    return folders_in(challenge.folder / SKELETONS)


def make_test_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> TestTask:
    """Make the task of a task seed. Raises `UserError` if there are no defects to plant."""
    name = task_name(challenge, KIND, stack, seed)
    rng = random.Random(name)  # noqa: S311 - not for secrets
    mutants = choose_spread(challenge, findable(challenge, answers, stack), rng)
    if not mutants:
        raise UserError(
            message(
                "{challenge} has no defects to find in {stack}.",
                challenge=challenge.id,
                stack=stack,
            )
        )
    skeleton = tree_of(skeletons(challenge)[stack])
    settings = "\n" + skeleton.pop(SETTINGS_FILE).decode()
    documents = documents_of(challenge)
    needed = needed_of(len(mutants))
    files = {BACKLOG: backlog(challenge, len(mutants), needed, rng)}
    handed_out = {**documents, **skeleton, **{path: files[path].encode() for path in files}}
    facts = {
        "stack": stack,
        "needed": needed,
        "stages": [_stage(challenge, each) for each in mutants],
        "digests": {path: _digest(content) for path, content in handed_out.items()},
    }
    return TestTask(
        name,
        _commits(documents, skeleton, rng),
        files,
        settings,
        mutants,
        {**_sealed(answers, mutants), **facts_file(facts)},
    )


def findable(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that tests over HTTP can find, for what the brief says.

    Left out is what only checks see that look into the database or know the server's keys; the
    challenge lists them (`beyond_http` in `[kinds.test]`).
    """
    clauses = {check.id: check.clause for check in challenge.checks}
    beyond = beyond_http(challenge.folder)
    return [
        each
        for each in testable(challenge, answers.mutants(stack))
        if not beyond.issuperset(each.killed_by)
        and all(clauses[name] in challenge.clauses for name in each.killed_by)
    ]


def beyond_http(folder: Path) -> frozenset[str]:
    """Return the ids of the checks that see more than requests can show."""
    table = tomllib.loads((folder / "challenge.toml").read_text(encoding="utf-8"))
    return frozenset(table.get("kinds", {}).get(KIND, {}).get("beyond_http", ()))


def choose_spread(
    challenge: Challenge, mutants: Sequence[Mutant], rng: random.Random
) -> list[Mutant]:
    """Return up to `DEFECT_COUNT` of `mutants`: of each stage in turn, no two with equal checks."""
    by_stage: dict[int, list[Mutant]] = {}
    for each in rng.sample(mutants, len(mutants)):
        by_stage.setdefault(_stage(challenge, each), []).append(each)
    chosen: list[Mutant] = []
    told: set[frozenset[str]] = set()
    while any(by_stage.values()) and len(chosen) < DEFECT_COUNT:
        for stage in sorted(by_stage):
            while waiting := by_stage[stage]:
                mutant = waiting.pop()
                if frozenset(mutant.killed_by) not in told:
                    told.add(frozenset(mutant.killed_by))
                    chosen.append(mutant)
                    break
    chosen = chosen[:DEFECT_COUNT]
    return rng.sample(chosen, len(chosen))


def sealed_task(folder: Path) -> SealedTask:
    """Return what the opened seal in `folder` holds."""
    facts = read_facts(folder)
    patches = sorted((folder / DEFECTS).glob("*.patch"))
    defects = [
        Defect(number, stage, read_mutant(path))
        for number, (path, stage) in enumerate(zip(patches, facts["stages"], strict=True), 1)
    ]
    references = folders_in(folder / REFERENCES)
    return SealedTask(facts["stack"], facts["needed"], defects, references, facts["digests"])


def _stage(challenge: Challenge, mutant: Mutant) -> int:
    """Return the first stage with a check that finds `mutant`."""
    return min(check.stage for check in challenge.checks if check.id in mutant.killed_by)


def _sealed(answers: Answers, mutants: Sequence[Mutant]) -> dict[str, bytes]:
    """Return the solutions without their own tests, and the patches of the mutants."""
    found: dict[str, bytes] = {}
    for name in answers.families:
        with tempfile.TemporaryDirectory() as place:
            tree = tree_of(answers.copy(name, Path(place) / name))
        own = {path: content for path, content in tree.items() if not is_test(path)}
        found |= {f"{REFERENCES}/{name}/{path}": content for path, content in own.items()}
    for number, each in enumerate(mutants, 1):
        found[f"{DEFECTS}/{number:02}.patch"] = each.path.read_bytes()
    return found


def _commits(documents: Tree, skeleton: Tree, rng: random.Random) -> list[Commit]:
    """Return the history of the repository: the documents, then a first test."""
    author, other, _ = draw_authors(rng)
    began = _FIRST_DAY + timedelta(days=rng.randrange(180), minutes=rng.randrange(400))
    later = began + timedelta(days=1, minutes=rng.randrange(60))
    return [
        Commit("Add brief and contract of the server", author, began, documents),
        Commit("Add a first test over HTTP", other, later, {**documents, **skeleton}),
    ]


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
