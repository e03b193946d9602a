"""Recognise what a folder is, build it, and say how it starts."""

from worksample.stacks.base import Recognition
from worksample.stacks.plan import Built, Plan, recognise
from worksample.stacks.settings import Settings, load_settings

__all__ = ["Built", "Plan", "Recognition", "Settings", "load_settings", "recognise"]
