"""A reference solution as a repository that others have worked on, with defects in it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers
from worksample.catalogue.mutants import Mutant
from worksample.stacks.base import own_and_others
from worksample.tasks.history import Commit
from worksample.tasks.people import draw_authors
from worksample.tasks.trees import Tree, is_test, tree_of
from worksample.tasks.variation import Variation, variations

#: How many harmless changes stand beside the defects, and in how many commits.
VARIATIONS, MIXED_COMMITS = 18, 6
#: How many are drawn for a pull request; the main branch gets the first of them.
PULL_REQUEST_VARIATIONS, BASE_VARIATIONS = 21, 6
_DOCUMENTS = "brief.md", "openapi.yaml"
_FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
_VERBS = ("Tidy up", "Clean up", "Simplify", "Go over", "Polish", "Straighten out")


@dataclass(frozen=True, slots=True)
class Source:
    """The solution `name` of `answers` without the own tests called `left_out`."""

    answers: Answers
    name: str
    left_out: frozenset[str]

    @classmethod
    def for_defects(cls, answers: Answers, name: str, mutants: Iterable[Mutant]) -> Source:
        """Return a solution without the own tests that `mutants` break; these must be measured."""
        broken = answers.broken_own_tests(name)
        return cls(answers, name, frozenset(test for each in mutants for test in broken[each.id]))

    def tree(
        self, place: Path, mutants: Sequence[Mutant] = (), varied: Sequence[Variation] = ()
    ) -> dict[str, bytes]:
        """Return its files with `mutants` planted and then `varied`; `place` is a new folder.

        Raises `CatalogueError` if a mutant does not apply.
        """
        _apply(varied, self.copy(place, mutants))
        return tree_of(place)

    def copy(self, place: Path, mutants: Sequence[Mutant] = ()) -> Path:
        """Copy it to the new folder `place`, with `mutants` planted; return `place`."""
        self.answers.copy(self.name, place)
        for mutant in mutants:
            mutant.apply(place)
        (stack,), _ = own_and_others(self.name)
        if self.left_out:
            stack.without_tests(place, self.left_out)
        return place


def documents_of(challenge: Challenge) -> Tree:
    """Return brief and contract, which every repository has."""
    return {path: (challenge.folder / path).read_bytes() for path in _DOCUMENTS}


def with_documents(challenge: Challenge, commits: Iterable[Commit]) -> list[Commit]:
    """Return `commits`, each with brief and contract of `challenge`."""
    documents = documents_of(challenge)
    return [replace(each, tree={**documents, **each.tree}) for each in commits]


@dataclass(frozen=True, slots=True)
class Repository:
    """The commits of a repository, and the harmless changes that it has beside its defects."""

    commits: Sequence[Commit]
    varied: Sequence[Variation]


def write_repository(
    source: Source, mutants: Sequence[Mutant], place: Path, rng: random.Random
) -> Repository:
    """Return a repository into which `mutants` came, each in a mixed commit.

    Copies are made in the folder `place`. First the clean solution comes folder by folder; then
    harmless changes, with which the defects came in; the last commit is harmless. All harmless
    changes are possible beside the defects, too: none goes away when a defect comes.
    """
    clean = source.copy(place / "clean")
    touched = frozenset().union(*(each.files for each in mutants))
    defective = source.copy(place / "defective", mutants)
    varied = variations(clean, rng, VARIATIONS, touched, beside=defective)
    authors, moment = draw_authors(rng), _Clock(rng)
    commits = [
        Commit(subject, authors[0], moment.next(), tree)
        for subject, tree in _founding(tree_of(clean))
    ]
    numbers = rng.sample(range(1, MIXED_COMMITS - 1), len(mutants))
    planted = dict(zip(numbers, mutants, strict=True))
    done: list[Variation] = []
    present: list[Mutant] = []
    state = clean
    for number, share in enumerate(_shares(varied, MIXED_COMMITS)):
        paths = [each.path for each in share]
        if number in planted:
            present.append(planted[number])
            paths += sorted(planted[number].files)
            state = source.copy(place / f"state-{number}", present)
            _apply(done, state)
        _apply(share, state)
        done += share
        subject, author = _subject(paths, rng), rng.choice(authors)
        commits.append(Commit(subject, author, moment.next(), tree_of(state)))
    return Repository(commits, varied)


class _Clock:
    """Gives the moments of commits: on working days, a few days apart."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._now = _FIRST_DAY + timedelta(days=rng.randrange(180))

    def next(self) -> datetime:
        """Return the moment of the next commit."""
        self._now += timedelta(days=self._rng.randrange(1, 5))
        while self._now.weekday() > 4:
            self._now += timedelta(days=1)
        seconds = self._rng.randrange(9 * 3600, 18 * 3600)
        self._now = self._now.replace(hour=0, minute=0, second=0) + timedelta(seconds=seconds)
        return self._now


def _apply(varied: Sequence[Variation], folder: Path) -> None:
    for each in varied:
        each.apply(folder)


def _founding(tree: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield (subject, tree) of the commits that bring the files of `tree`, folder by folder."""
    parts: dict[str, dict[str, bytes]] = defaultdict(dict)
    for path, content in tree.items():
        parts[_part_of(path)][path] = content
    so_far: dict[str, bytes] = {}
    for name in sorted(parts, key=lambda part: (part == "tests", part)):
        so_far |= parts[name]
        yield (" ".join(("Add", name)) if name else "Start the project"), dict(so_far)


def _part_of(path: str) -> str:
    """Return what a file belongs to: "" for the root, "tests", or the folder in the package."""
    if is_test(path):
        return "tests"
    folders = PurePosixPath(path).parts[:-1]
    return folders[min(1, len(folders) - 1)] if folders else ""


def _shares(varied: Sequence[Variation], count: int) -> list[list[Variation]]:
    """Deal the variations out to `count` commits, in order."""
    size = max(1, -(-len(varied) // count))
    return [list(varied[at : at + size]) for at in range(0, size * count, size)]


def _subject(paths: Sequence[str], rng: random.Random) -> str:
    names = list(dict.fromkeys(PurePosixPath(path).stem for path in paths))
    shown = rng.sample(names, min(2, len(names)))
    return f"{rng.choice(_VERBS)} {' and '.join(sorted(shown))}"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The commits of a main branch, those that somebody proposes, and how many are harmless."""

    base: Sequence[Commit]
    commits: Sequence[Commit]
    varied: Sequence[Variation]
    harmless: int


def write_pull_request(
    source: Source,
    mutants: Sequence[Mutant],
    disguise: Collection[str],
    place: Path,
    rng: random.Random,
) -> PullRequest:
    """Return a pull request that brings `mutants` into the clean solution, each in a mixed commit.

    About a third of the harmless changes are made in the files `disguise`. All of them are possible
    with and without the defects. Copies are made in the folder `place`.
    """
    clean = source.copy(place / "clean")
    defective = source.copy(place / "defective", mutants)
    varied = variations(clean, rng, PULL_REQUEST_VARIATIONS, disguise, beside=defective)
    authors, moment = draw_authors(rng), _Clock(rng)
    before = varied[:BASE_VARIATIONS]
    base = [
        Commit(subject, authors[0], moment.next(), tree)
        for subject, tree in _founding(tree_of(clean))
    ]
    subject = _subject([each.path for each in before], rng)
    tree = source.tree(place / "base", (), before)
    base.append(Commit(subject, authors[1], moment.next(), tree))
    moment.next()
    count = rng.randrange(max(3, len(mutants)), 6)
    planted = dict(zip(rng.sample(range(count), len(mutants)), mutants, strict=True))
    commits, done, present = [], list(before), []
    for number, share in enumerate(_shares(varied[BASE_VARIATIONS:], count)):
        done += share
        present += [planted[number]] if number in planted else []
        paths = [each.path for each in share]
        paths += sorted(planted[number].files) if number in planted else []
        tree = source.tree(place / f"proposed-{number}", present, done)
        commits.append(Commit(_subject(paths, rng), authors[2], moment.next(), tree))
    return PullRequest(base, commits, varied, len(varied) - len(before))
