"""Judge submissions: a submission and a challenge in, a report out."""

from worksample.grading.build import Order, Progress, Unheard, arena_on, ask, grade
from worksample.grading.priority import Group, groups_of
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.selection import Selection
from worksample.grading.workspace import Workspace

__all__ = [
    "Group",
    "Order",
    "Problem",
    "Progress",
    "Report",
    "RunVerdict",
    "Selection",
    "Unheard",
    "Workspace",
    "arena_on",
    "ask",
    "grade",
    "groups_of",
    "judge",
]
