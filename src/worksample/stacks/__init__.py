"""Detect the language and framework of a folder, build it and determine how it starts."""

from worksample.stacks.base import Detection, plan_skills
from worksample.stacks.build_plan import BuildPlan, BuiltSubmission, detect
from worksample.stacks.settings import Settings, load_settings

__all__ = [
    "BuildPlan",
    "BuiltSubmission",
    "Detection",
    "Settings",
    "detect",
    "load_settings",
    "plan_skills",
]
