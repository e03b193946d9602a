"""Run programs with limits, measure their resource use and clean up everything they leave."""

from worksample.sandbox.folders import ScratchDirectory
from worksample.sandbox.logfile import LogFile
from worksample.sandbox.program import Command, Exit, Finished, LaunchError, Program, run

__all__ = [
    "Command",
    "Exit",
    "Finished",
    "LaunchError",
    "LogFile",
    "Program",
    "ScratchDirectory",
    "run",
]
