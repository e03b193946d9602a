"""The answers of a challenge: its reference solutions and mutants, wherever they are.

In a checkout, and in a folder of one's own, they lie beside the challenge. An installed package
holds challenges without answers; these come with a second distribution, `worksample-answers`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import worksample
from worksample.catalogue.mutants import Mutant, mutants_in
from worksample.catalogue.own_tests import OWN_TESTS, broken_own_tests
from worksample.catalogue.solutions import base_of
from worksample.errors import MissingAnswers
from worksample.messages import message
from worksample.stacks.copying import Generated

DISTRIBUTION = "worksample-answers"
PACKAGE = "worksample_answers"
SOLUTIONS, MUTANTS = "solutions", "mutants"
#: Folder of a service that is not the usual one -> folder of a stack -> files over its starter.
STARTERS_ON = "starters_on"

#: The challenges of the installed package.
PACKAGED = Path(__file__).resolve().parent.parent / "_challenges"


@dataclass(frozen=True)
class Answers:
    """The reference solutions and mutants in `folder`; there may be none."""

    folder: Path

    @cached_property
    def solutions(self) -> Mapping[str, Path]:
        """The folder of each reference solution, by its name."""
        return folders_in(self.folder / SOLUTIONS)

    @cached_property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Each solution that is whole in its folder, with those that lie over it, itself first.

        Those over it are the same server, on another database. Tasks are made of the first alone.
        """
        bases = {name: base_of(folder) for name, folder in self.solutions.items()}
        return {
            name: (name, *(over for over, base in bases.items() if base and base.name == name))
            for name, base in bases.items()
            if base is None
        }

    @contextmanager
    def whole(self, solution: str) -> Iterator[Path]:
        """The folder of a reference solution; of one that lies over another, a temporary copy."""
        if base_of(self.solutions[solution]) is None:
            yield self.solutions[solution]
            return
        with tempfile.TemporaryDirectory(prefix="worksample-solution-") as place:
            yield self.copy(solution, Path(place) / solution)

    def mutants(self, solution: str) -> list[Mutant]:
        """Return the mutants of a reference solution, sorted by id. Raises `CatalogueError`."""
        return mutants_in(self.folder / MUTANTS / solution)

    def has_mutants(self, solution: str) -> bool:
        """Return whether a reference solution has mutants, without reading them."""
        return any((self.folder / MUTANTS / solution).glob("*.patch"))

    def has_measured_tests(self, solution: str) -> bool:
        """Return whether it was measured which own tests of a solution its mutants break."""
        return (self.folder / MUTANTS / solution / OWN_TESTS).is_file()

    def broken_own_tests(self, solution: str) -> Mapping[str, tuple[str, ...]]:
        """Return which own tests of a reference solution each mutant breaks, by the mutant's id.

        They are read once. See `own_tests.broken_own_tests`. Raises `BrokenChallenge`.
        """
        if solution not in self._broken_own_tests:
            found = broken_own_tests(self.folder / MUTANTS / solution)
            self._broken_own_tests[solution] = found
        return self._broken_own_tests[solution]

    @cached_property
    def _broken_own_tests(self) -> dict[str, Mapping[str, tuple[str, ...]]]:
        return {}

    def copy(self, solution: str, to: Path, mutant: Mutant | None = None) -> Path:
        """Copy a reference solution to the new folder `to`, plant `mutant` there; return `to`.

        One that lies over another is copied over a copy of that.

        Raises `CatalogueError` if the mutant does not apply.
        """
        own, ignore = self.solutions[solution], Generated.of_all_stacks().ignore
        if base := base_of(own):
            shutil.copytree(base, to, ignore=ignore)
        shutil.copytree(own, to, ignore=ignore, dirs_exist_ok=base is not None)
        if mutant is not None:
            mutant.apply(to)
        return to


def answers_of(challenge: Path, needed_by: str) -> Answers:
    """Return the answers of the challenge in the folder `challenge`.

    `needed_by` says what needs them (`calibration`). Raises `MissingAnswers` if the challenge is
    one of the installed package, and the answers are not installed in the same version.
    """
    if challenge.resolve().parent != PACKAGED:
        return Answers(challenge)
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise MissingAnswers(
            message(
                "The solutions and mutants of {challenge} are not installed; {purpose} needs them.",
                challenge=challenge.name,
                purpose=needed_by,
            )
        )
    _require_same_version(challenge, needed_by)
    return Answers(Path(found.submodule_search_locations[0]) / "challenges" / challenge.name)


def _require_same_version(challenge: Path, needed_by: str) -> None:
    installed = importlib.metadata.version(DISTRIBUTION)
    if installed != worksample.__version__:
        raise MissingAnswers(
            message(
                "The solutions and mutants of {challenge} are installed in version {installed}, "
                "and this is Worksample {version}; {purpose} needs both in one version.",
                challenge=challenge.name,
                installed=installed,
                version=worksample.__version__,
                purpose=needed_by,
            )
        )


def folders_in(parent: Path) -> dict[str, Path]:
    """Return the folders in `parent` by their names, sorted; none if it does not exist."""
    if not parent.is_dir():
        return {}
    return {child.name: child for child in sorted(parent.iterdir()) if child.is_dir()}
