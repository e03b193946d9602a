"""A submission that runs: start, stop, kill, its port, its log, its CPU time."""

from worksample.targets.external import ExternalTarget
from worksample.targets.target import Target

__all__ = ["ExternalTarget", "Target"]
