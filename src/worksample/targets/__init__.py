"""A submission that runs: start, stop, kill, its port, its log, its CPU time; and a lab for it."""

from worksample.targets.external import ExternalTarget
from worksample.targets.lab import Lab, Labs
from worksample.targets.target import Target, wants_a_taken_port

__all__ = ["ExternalTarget", "Lab", "Labs", "Target", "wants_a_taken_port"]
