"""Judge submissions: a submission and a challenge in, a report out."""

from worksample.grading.build import NullProgress, Progress, grade, open_context, run_checks
from worksample.grading.priority import Issue, issues_of
from worksample.grading.replaying import ReplayResult, compare, replay_finding, replayable
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.run_request import RunRequest
from worksample.grading.selection import Selection
from worksample.grading.server import ProgressListener, RunningServer, running_server
from worksample.grading.workspace import Workspace

__all__ = [
    "ReplayResult",
    "Issue",
    "ProgressListener",
    "RunRequest",
    "Problem",
    "Progress",
    "Report",
    "RunVerdict",
    "Selection",
    "RunningServer",
    "NullProgress",
    "Workspace",
    "open_context",
    "run_checks",
    "replay_finding",
    "compare",
    "grade",
    "issues_of",
    "judge",
    "replayable",
    "running_server",
]
