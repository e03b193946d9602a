"""Start a task: made from the answers where they are, else one of those that are shipped."""

from __future__ import annotations

import secrets
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from worksample.catalogue import Challenge, load, load_all, seal
from worksample.errors import MissingAnswers, UserError
from worksample.grading.kinds import Kind, Started, StartRequest, Step, kind_called, kinds
from worksample.grading.run_request import DEFAULT_KIND, LARGEST_SEED
from worksample.grading.shipped_tasks import shipped_seeds, shipped_stacks, shipped_task
from worksample.grading.task_packs import open_pack, write_pack
from worksample.grading.task_workspace import SEALED, chosen_stack
from worksample.messages import join_and, join_or, message
from worksample.tasks.tickets import BACKLOG


def start_task(
    challenge: Challenge,
    kind: Kind,
    stack: str,
    seed: int | None,
    folder: Path,
    database: str = "",
) -> Started:
    """Make a workspace of the kind of work in the new folder `folder`.

    `seed` says which task (None: any), `database` which service the server stores its data in
    (empty: the usual one), which only `build` lets choose. Without the answers it is one of those
    that are shipped. Raises `MissingAnswers` if it needs them, and `UserError` if it cannot be
    made.
    """
    if database and kind.id != DEFAULT_KIND:
        raise UserError(
            message("Tasks of the kind {kind} come with their database.", kind=kind.id),
            hint="Leave the database out.",
        )
    chosen = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    try:
        return kind.start(challenge, StartRequest(stack, folder, chosen, database))
    except MissingAnswers:
        if not (stacks := shipped_stacks(challenge, kind.id)):
            raise
        return _open(challenge, kind, chosen_stack(challenge, stacks, stack), seed, folder)


def steps_in(folder: Path, kind: Kind) -> tuple[Step, ...]:
    """Return what to type next in the opened task `folder` of a kind of work."""
    described = [name for name in kind.task_files(folder) if not name.endswith(seal.SUFFIX)]
    first = next((name for name in (BACKLOG, *described) if (folder / name).is_file()), "brief.md")
    return (
        Step(message("less {file}", file=first), "what is asked of you"),
        Step("git log --stat", "what others did before you"),
        Step("worksample check", "what there is still to do"),
    )


def _open(challenge: Challenge, kind: Kind, stack: str, seed: int | None, folder: Path) -> Started:
    """Open the shipped task `seed` (None: one of them). Raises `MissingAnswers`, `UserError`."""
    seeds = shipped_seeds(challenge, kind.id, stack)
    if seed is not None and seed not in seeds:
        raise MissingAnswers(
            message(
                "Worksample comes with the tasks {seeds} of the kind {kind} for {challenge} in "
                "{stack}; making task {seed} needs solutions and mutants, which are not installed.",
                seeds=join_and(seeds),
                kind=kind.id,
                challenge=challenge.id,
                stack=stack,
                seed=seed,
            ),
            hint=message("Without them, the task seed must be {seeds}.", seeds=join_or(seeds)),
        )
    chosen = secrets.choice(seeds) if seed is None else seed
    open_pack(shipped_task(challenge, kind.id, stack, chosen), folder)
    made_of = message(
        "{stack}, task {seed} (tasks {seeds} come with Worksample; others need worksample-answers)",
        stack=stack,
        seed=chosen,
        seeds=join_and(seeds),
    )
    return Started(made_of, steps_in(folder, kind), stack)


def pack_tasks(folder: Path, seeds: range) -> None:
    """Write the tasks `seeds` of each challenge, kind of work and stack that has some.

    They go to `<challenge>/tasks/` in `folder`, several at a time. Raises `UserError` if one cannot
    be made.
    """
    with ProcessPoolExecutor() as pool, tempfile.TemporaryDirectory() as nothing:
        for made in [
            pool.submit(_pack, challenge.id, kind.id, stack, seed, folder)
            for challenge in load_all()
            for kind in kinds().values()
            if kind.id in challenge.kinds and SEALED in kind.task_files(Path(nothing))
            for stack in kind.stacks(challenge)
            for seed in seeds
        ]:
            made.result()


def _pack(challenge: str, kind: str, stack: str, seed: int, folder: Path) -> None:
    found = load(challenge)
    path = folder / challenge / shipped_task(found, kind, stack, seed).relative_to(found.folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pack(lambda place: start_task(found, kind_called(kind), stack, seed, place), path)
