"""Run submissions: start, stop, kill, restart, log and CPU time; and labs for experiments."""

from worksample.targets.external import ExternalTarget
from worksample.targets.lab import Lab, LabFactory
from worksample.targets.target import Target, is_port_conflict

__all__ = ["ExternalTarget", "Lab", "LabFactory", "Target", "is_port_conflict"]
