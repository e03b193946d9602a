"""The skill vocabulary: stable ids, the forms that name them, and links to public taxonomies."""

from worksample.skills.load import get, load, not_skills
from worksample.skills.model import KINDS, LANGUAGES, TECHNOLOGY_KINDS, Skill
from worksample.skills.validate import Problem, find_problems

__all__ = [
    "KINDS",
    "LANGUAGES",
    "TECHNOLOGY_KINDS",
    "Problem",
    "Skill",
    "find_problems",
    "get",
    "load",
    "not_skills",
]
