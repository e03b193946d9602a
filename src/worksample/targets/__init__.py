"""A submission that runs: start, stop, kill, its port, its log, its CPU time; and a lab for it."""

from worksample.targets.external import ExternalTarget
from worksample.targets.lab import Lab, LabFactory
from worksample.targets.target import Target, is_port_conflict

__all__ = ["ExternalTarget", "Lab", "LabFactory", "Target", "is_port_conflict"]
