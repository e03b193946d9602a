"""One harmless change of a repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from worksample.tasks.variation.language import Place, languages


@dataclass(frozen=True, slots=True)
class Variation:
    """A harmless change of one file.

    path: the file, relative to the repository, in POSIX form.
    kind: its stable id, such as "rename-local".
    what: the change in words for a commit message, without a full stop.
    place: where it is made, in names, so that it means the same beside a planted defect.
    """

    path: str
    kind: str
    what: str
    place: Place

    def apply(self, folder: Path) -> bool:
        """Change the file in `folder`; return False, and change nothing, if the place is not there.

        Raises `OSError` if the file cannot be read or written.
        """
        path = folder / self.path
        if path.is_symlink() or not path.is_file():
            return False
        changed = self.applied(path.read_bytes())
        if changed is None:
            return False
        path.write_bytes(changed)
        return True

    def applied(self, source: bytes) -> bytes | None:
        """Return the changed source of the file; None if the place is not there."""
        language = languages().get(PurePosixPath(self.path).suffix)
        kind = language.kinds.get(self.kind) if language else None
        module = language.parse(source) if language else None
        return kind.change(module, self.place) if kind and module else None
