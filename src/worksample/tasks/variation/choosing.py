"""Choose harmless changes of a repository, spread over its files."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from worksample.tasks.variation.language import Kind, Language, Place, languages
from worksample.tasks.variation.sources import source_files
from worksample.tasks.variation.syntax import Module
from worksample.tasks.variation.variation import Variation


def variations(
    folder: Path,
    rng: random.Random,
    count: int,
    prefer: Collection[str] = (),
    *,
    beside: Path | None = None,
) -> list[Variation]:
    """Return up to `count` different harmless changes of the repository in `folder`.

    They come in the order in which they can be applied one after the other: about a third in the
    files `prefer`, where those allow it, the rest over as many files as possible. All are possible
    in `beside`, too, if it is given: the same repository with defects in it. Raises `OSError` if a
    file cannot be read.
    """
    names = source_files(folder)
    if beside is not None:
        names = [each for each in names if (beside / each).is_file()]
    folders = [folder] if beside is None else [folder, beside]
    preferred = _Turns(folders, [each for each in names if each in prefer], rng)
    others = _Turns(folders, [each for each in names if each not in prefer], rng)
    turns = [preferred] * (round(count / 3) if prefer else 0)
    turns += [others] * (count - len(turns))
    rng.shuffle(turns)
    chosen = [(turn.next() or others.next() or preferred.next()) for turn in turns]
    return [each for each in chosen if each]


class _Draft:
    """A file with the changes chosen so far, and the places that were not tried yet.

    `sources` are its versions: a change is chosen that is possible in all of them.
    """

    def __init__(self, name: str, sources: Sequence[bytes], rng: random.Random) -> None:
        self.name, self.rng = name, rng
        self.language: Language = languages()[PurePosixPath(name).suffix]
        self.modules = [self.language.parse(each) for each in sources]
        self.clean = self.modules[0]
        self.kinds = list(self.language.kinds.values())
        self.rng.shuffle(self.kinds)
        self.places: dict[str, list[Place]] = {}
        self.used: list[str] = []

    def next(self) -> Variation | None:
        """Return another change of the file, of a kind that was chosen as seldom as possible."""
        for kind in sorted(self.kinds, key=lambda each: self.used.count(each.id)):
            while place := self._next_place(kind):
                after = [self._changed(each, kind, place) for each in self.modules]
                if all(after):
                    self.modules = after
                    self.used.append(kind.id)
                    return Variation(self.name, kind.id, kind.what(place), place)
        return None

    def _changed(self, module: Module | None, kind: Kind, place: Place) -> Module | None:
        changed = kind.change(module, place) if module else None
        return self.language.parse(changed) if changed is not None else None

    def _next_place(self, kind: Kind) -> Place | None:
        """Return a place that the clean file has, in an order by chance."""
        if kind.id not in self.places:
            found = list(dict.fromkeys(kind.places(self.clean))) if self.clean else []
            self.rng.shuffle(found)
            self.places[kind.id] = found
        return self.places[kind.id].pop() if self.places[kind.id] else None


class _Turns:
    """Files that give a change each in turn."""

    def __init__(self, folders: Sequence[Path], names: list[str], rng: random.Random) -> None:
        self.folders, self.rng = folders, rng
        self.waiting: list[str | _Draft] = [*names]
        rng.shuffle(self.waiting)

    def next(self) -> Variation | None:
        """Return a change of the file whose turn it is; None if none allows another one."""
        while self.waiting:
            each = self.waiting.pop(0)
            if isinstance(each, str):
                sources = [(folder / each).read_bytes() for folder in self.folders]
                each = _Draft(each, sources, self.rng)
            if found := each.next():
                self.waiting.append(each)
                return found
        return None
