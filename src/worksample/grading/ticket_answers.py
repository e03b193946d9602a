"""What a task of tickets asked for, as it is shown afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.grading.kinds.base import Answer
from worksample.grading.sealing import unsealed_folder
from worksample.grading.task_workspace import SEALED, task_in
from worksample.tasks.facts import read_facts
from worksample.tasks.ticket_tasks import sealed_tickets


async def ticket_answers(challenge: Challenge, folder: Path) -> Sequence[Answer]:
    """Return the cause and the smallest fix of each ticket of the task in `folder`.

    Raises `UserError` if it is the task of another challenge, or its seal is broken.
    """
    async with unsealed_folder(folder / SEALED, task_in(folder, challenge)) as opened:
        tickets = sealed_tickets(read_facts(opened))
    return [Answer(each.title, each.where, each.says, each.fix) for each in tickets]
