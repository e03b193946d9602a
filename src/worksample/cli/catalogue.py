"""`worksample catalogue`: tools for authors of challenges."""

from __future__ import annotations

from pathlib import Path

import click

import worksample
from worksample.messages import message, plural


@click.group("catalogue")
def command() -> None:
    """Tools for authors of challenges."""


@command.command("validate")
@click.argument("challenges", nargs=-1)
def validate_command(challenges: tuple[str, ...]) -> None:
    """Print everything that is wrong with CHALLENGES (names or folders; default: all)."""
    from worksample.catalogue.discovery import catalogue_folder
    from worksample.catalogue.validation import find_answers, validate
    from worksample.errors import CatalogueError
    from worksample.grading.kinds import kinds

    root = catalogue_folder()
    folders = [_folder(root, name) for name in challenges]
    folders = folders or sorted(path.parent for path in root.glob("*/challenge.toml"))
    if not folders:
        raise CatalogueError(message("{root} contains no challenge.", root=root))
    known = kinds()
    mistakes = [mistake for folder in folders for mistake in validate(folder, known, _skills())]
    for mistake in mistakes:
        click.echo(str(mistake))
    names = ", ".join(folder.name for folder in folders)
    unseen = ", ".join(folder.name for folder in folders if find_answers(folder) is None)
    if unseen:
        click.echo(
            message(
                "Without worksample-answers {version}, solutions and mutants were not looked at: "
                "{names}.",
                version=worksample.__version__,
                names=unseen,
            )
        )
    if mistakes:
        one, other = "{names}: {count} mistake", "{names}: {count} mistakes"
        click.echo(plural(len(mistakes), one, other, names=names))
    else:
        click.echo(message("{names}: no mistakes", names=names))
    raise SystemExit(1 if mistakes else 0)


def _folder(root: Path, name: str) -> Path:
    from worksample.errors import CatalogueError

    for candidate in (root / name, Path(name)):
        if candidate.is_dir():
            return candidate
    raise CatalogueError(
        message("There is no challenge and no folder called {name}.", name=repr(name))
    )


def _skills() -> frozenset[str]:
    """Return the ids of all skills."""
    from worksample.skills import load

    return frozenset(load())
