"""Grading: takes a submission and a challenge, returns a report."""

from worksample.grading.asking import open_context, run_checks
from worksample.grading.priority import Issue, issues_of
from worksample.grading.profiles import profile_called, profile_of
from worksample.grading.progress import NullProgress, Progress
from worksample.grading.replaying import ReplayResult, compare, replay_finding, replayable
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.run import grade
from worksample.grading.run_request import RunRequest
from worksample.grading.selection import Selection
from worksample.grading.server import ProgressListener, RunningServer, running_server
from worksample.grading.services import StartedServices, started
from worksample.grading.workspace import Workspace

__all__ = [
    "Issue",
    "NullProgress",
    "Problem",
    "Progress",
    "ProgressListener",
    "ReplayResult",
    "Report",
    "RunRequest",
    "RunVerdict",
    "RunningServer",
    "Selection",
    "StartedServices",
    "Workspace",
    "compare",
    "grade",
    "issues_of",
    "judge",
    "open_context",
    "profile_called",
    "profile_of",
    "replay_finding",
    "replayable",
    "run_checks",
    "running_server",
    "started",
]
