"""`worksample calibrate`: run the checks of a challenge on its references and mutants."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.cli._lists import only_option
from worksample.messages import message, plural

if TYPE_CHECKING:
    from worksample.calibration import Matrix, Trial, Trials

_SHOWN_LINES = 12


@click.command("calibrate")
@click.argument("challenge")
@click.option("--stack", "stacks", multiple=True, help="Only this stack (can be repeated).")
@click.option("--mutant", "mutants", multiple=True, help="Only this mutant (can be repeated).")
@only_option("Only these aspects or checks, and the mutants that name them.")
@click.option("--spec", default="brief", metavar="NAME", help="What to judge by.")
@click.option(
    "--whole",
    is_flag=True,
    help="Run every check on every mutant, not only the checks that it names.",
)
@click.option("--references/--no-references", default=True, help="Run the references.")
@click.option("--mutants/--no-mutants", "planted", default=True, help="Run the mutants.")
@click.option(
    "--sample",
    default=0,
    type=click.IntRange(0),
    help="Run only this many mutants, chosen by the seed.",
)
@click.option(
    "--repeat",
    default=1,
    type=click.IntRange(1),
    help="How often to run each trial; finds flaky checks.",
)
@click.option("--jobs", default=0, help="How many trials to run at a time (default: one per core).")
@click.option("--seed", default=None, type=int, help="The first seed.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Where to save the matrix."
)
def command(
    challenge: str,
    stacks: tuple[str, ...],
    mutants: tuple[str, ...],
    only: str,
    spec: str,
    whole: bool,
    references: bool,
    planted: bool,
    sample: int,
    repeat: int,
    jobs: int,
    seed: int | None,
    out: Path | None,
) -> None:
    """Run the checks of CHALLENGE on its references and mutants and show the kill matrix.

    Every reference must pass all checks, every mutant must be killed by the checks that it names,
    and every check must kill a mutant. Exits with 1 otherwise. With a public specification, a check
    may only remark on a mutant if the specification leaves its rule out.
    """
    import orjson

    from worksample.calibration import Trials, calibrate
    from worksample.catalogue import load
    from worksample.cli._async_runner import run_interruptible
    from worksample.grading import profile_called

    found = load(challenge)
    trials = Trials(
        challenge=found,
        profile=profile_called(found, spec),
        stacks=stacks,
        mutants=mutants,
        only=tuple(filter(None, only.split(","))),
        references=references and not mutants,
        planted=planted,
        whole=whole,
        sample=sample,
        repeat=repeat,
        jobs=jobs or os.cpu_count() or 1,
        seed=secrets.randbelow(1_000_000) if seed is None else seed,
    )
    click.echo(
        message(
            "Calibrating {challenge} by {profile}, seed {seed}.",
            challenge=challenge,
            profile=trials.profile.title,
            seed=trials.seed,
        )
    )
    trials = _without_missing(trials)
    if sample:
        _say_sample(trials)
    matrix = run_interruptible(calibrate(trials, _say_trial))
    path = out or Path("calibration") / f"{challenge}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(matrix.as_data(), option=orjson.OPT_INDENT_2))
    good = _say_matrix(matrix, path)
    raise SystemExit(0 if good else 1)


def _without_missing(trials: Trials) -> Trials:
    """Return the trials that this machine can make; say which solutions are left out, and why.

    Raises `UserError` for one that was asked for, or if none is left.
    """
    from worksample.cli._async_runner import run_interruptible
    from worksample.errors import UserError

    missing = run_interruptible(trials.not_here())
    for name, why in missing.items():
        said = message("{solution} is left out: {why}", solution=name, why=why)
        if trials.stacks or set(trials.chosen_stacks()) <= set(missing):
            raise UserError(said)
        click.echo(said)
    return replace(trials, left_out=frozenset(missing))


def _say_sample(trials: Trials) -> None:
    chosen = trials.chosen_mutants()
    click.echo(
        message(
            "A sample of {count} mutants (again with --seed {seed}):",
            count=len(chosen),
            seed=trials.seed,
        )
    )
    for stack, mutant in chosen:
        click.echo(f"  {stack}/{mutant.id}")


def _say_trial(trial: Trial) -> None:
    if trial.good:
        click.echo(
            message(
                "  ok    {trial}: {what} ({seconds} s)",
                trial=trial.name,
                what=_ending(trial),
                seconds=f"{trial.seconds:.1f}",
            )
        )
        return
    click.echo(f"  WRONG {trial.name} ({trial.seconds:.1f} s)")
    for name in trial.missed:
        verdict = trial.verdicts.get(name, "not run")
        click.echo(f"        {name}: {verdict} {trial.reasons.get(name, '')}")
    for line in trial.problem.splitlines()[-_SHOWN_LINES:]:
        click.echo(f"        {line}")


def _ending(trial: Trial) -> str:
    """Return how a good trial ended."""
    if not trial.mutant:
        return "accepted"
    if trial.left_out:
        return message("remarked on by {count}, killed by none", count=len(trial.remarked))
    return message("killed by {count}", count=len(trial.killers))


def _say_matrix(matrix: Matrix, path: Path) -> bool:
    mutants = [trial for trial in matrix.trials if trial.mutant]
    references = len(matrix.trials) - len(mutants)
    bad = matrix.bad
    if bad:
        click.echo("Wrong trials:")
    for trial in bad:
        _say_trial(trial)
    click.echo(
        message(
            "{references} runs of references, {mutants} of mutants, {checks} checks; "
            "{wrong} wrong. Saved in {path}.",
            references=references,
            mutants=len(mutants),
            checks=len(matrix.checks),
            wrong=len(bad),
            path=path,
        )
    )
    if left_out := sum(trial.left_out for trial in matrix.trials):
        one = "{count} mutant breaks only rules that {profile} leaves out: a remark."
        other = "{count} mutants break only rules that {profile} leaves out: remarks."
        click.echo(plural(left_out, one, other, profile=matrix.profile))
    for sentence in matrix.flaky:
        click.echo(message("flaky: {sentence}", sentence=sentence))
    unproven = matrix.unproven
    if unproven:
        click.echo(message("Unproven (no mutant kills them): {checks}", checks=", ".join(unproven)))
    return not bad and not unproven and not matrix.flaky
