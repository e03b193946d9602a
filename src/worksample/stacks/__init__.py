"""Recognise what a folder is, build it, and say how it starts."""

from worksample.stacks.base import Detection
from worksample.stacks.build_plan import BuildPlan, BuiltSubmission, detect
from worksample.stacks.settings import Settings, load_settings

__all__ = ["BuiltSubmission", "BuildPlan", "Detection", "Settings", "load_settings", "detect"]
