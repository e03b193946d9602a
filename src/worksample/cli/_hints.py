"""What to type next after an error: the commands and options that other rooms do not know."""

from __future__ import annotations

import worksample
from worksample import errors
from worksample.messages import message

_NEXT: dict[type[errors.WorksampleError], str] = {
    errors.NotAWorkspace: "Name a challenge with `worksample check --challenge conduit`, or make "
    "a workspace with `worksample start conduit DIR`.",
    errors.NoSavedRun: "Run `worksample check` first.",
    errors.BrokenReport: "Run `worksample check` again.",
    errors.BrokenChallenge: "`worksample catalogue validate` shows everything that is wrong "
    "with it.",
    errors.MissingAnswers: message(
        "Authors and graders install them: `pip install worksample-answers=={version}`.",
        version=worksample.__version__,
    ),
    errors.BrokenSeal: "Or make the task again with `worksample start` in another folder.",
    errors.SavedPlanError: "`worksample plan posting.txt --save` saves one.",
    errors.UnknownSkill: "`worksample skills` lists all of them.",
    errors.ServerAddressError: "Correct the address after `--url`.",
    errors.DatabaseAddressError: "Correct the address after `--postgres` or `--mysql`.",
    errors.ServiceUnavailable: "Or use a database server that runs already: `--postgres URL` or "
    "`--mysql URL`.",
}


def hints_of(error: errors.WorksampleError) -> list[str]:
    """Return the hint of `error`, if it has one, and the command to type next, if there is one."""
    return [hint for hint in (error.hint, _next_step(error)) if hint]


def _next_step(error: errors.WorksampleError) -> str:
    if isinstance(error, errors.StarterError):
        return f"`worksample start {error.challenge} --stack {error.stack} DIR`"
    return next((_NEXT[base] for base in type(error).__mro__ if base in _NEXT), "")
