"""Judge submissions: a submission and a challenge in, a report out."""

from worksample.grading.again import Again, ask_again, compare, replayable
from worksample.grading.build import Progress, Unheard, arena_on, ask, grade
from worksample.grading.order import Order
from worksample.grading.priority import Group, groups_of
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.selection import Selection
from worksample.grading.standing import Hearer, Standing, standing
from worksample.grading.workspace import Workspace

__all__ = [
    "Again",
    "Group",
    "Hearer",
    "Order",
    "Problem",
    "Progress",
    "Report",
    "RunVerdict",
    "Selection",
    "Standing",
    "Unheard",
    "Workspace",
    "arena_on",
    "ask",
    "ask_again",
    "compare",
    "grade",
    "groups_of",
    "judge",
    "replayable",
    "standing",
]
