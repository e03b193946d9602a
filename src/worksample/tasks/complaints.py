"""The complaint of a task of the kind `speed-up`: what somebody waits for, and what is wanted."""

from __future__ import annotations

from worksample.messages import message
from worksample.tasks.tickets import Ticket

TICKET = "ticket.md"
#: The part of the waste that must be gone, in percent; of CPU time, which is not exact, less.
SHARE, CPU_SHARE = 80, 50
_TEXT = """\
# {title}

From {name} ({role}). Estimate: {estimate}.

A customer writes:

> {symptom}

{name} adds: {matters}

The answers are right. The server does too much for them, now that we have so much data.

## To see it

`worksample up` starts the server with a large data set, and prints requests to try. Find out what
it does for each, that it need not do.

## Accepted when

- {share} % of the waste is gone. Waste is what this server does for a request beyond what a good
  one does for the same request with the same data. Counted are the statements that it sends to the
  database, those that write, the rows that the database reads to answer them, the rows and bytes
  that come back, the bytes of the answer, and the CPU time (of which {cpu_share} % are enough);
- no other request costs much more than now, and the server does not do the work when it starts, or
  in the background, instead;
- everything else works as before: all checks of the challenge pass.

## How it is judged

`worksample check` fills three servers with the same data: yours, this one as it is now, and a good
one. The data are others than those of `worksample up`, and fewer or more. No time is measured that
depends on how busy the machine is.

Change what you like: code, statements, tables, indexes. The database is empty when your migrations
run. Your server then writes some entries, and their rows are multiplied in the database, by what
foreign keys say: a table that you add needs one to what it belongs to.
"""


def complaint(ticket: Ticket) -> str:
    """Return the text of `ticket.md`."""
    return message(
        _TEXT,
        title=ticket.title,
        name=ticket.reporter.name,
        role=ticket.reporter.role,
        estimate=ticket.estimate,
        symptom=ticket.mutant.symptom,
        matters=ticket.reporter.matters,
        share=SHARE,
        cpu_share=CPU_SHARE,
    )
