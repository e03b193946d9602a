"""Run submissions, as servers (start, stop, kill, log, CPU time; labs) or as dialogues."""

from worksample.targets.dialogue import Dialogue, Limits
from worksample.targets.external import ExternalTarget
from worksample.targets.lab import Lab, LabFactory
from worksample.targets.target import Target, is_port_conflict

__all__ = [
    "Dialogue",
    "ExternalTarget",
    "Lab",
    "LabFactory",
    "Limits",
    "Target",
    "is_port_conflict",
]
