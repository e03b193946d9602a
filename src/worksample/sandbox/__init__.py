"""Run a program with limits, leave nothing behind, and see what it used."""

from worksample.sandbox.folders import Workroom
from worksample.sandbox.logfile import LogFile
from worksample.sandbox.plain import Command, Exit, Finished, LaunchError, Program, run

__all__ = ["Command", "Exit", "Finished", "LaunchError", "LogFile", "Program", "Workroom", "run"]
