"""The skill vocabulary: stable ids, the words that mean them, and links to public taxonomies."""

from worksample.skills.load import get, load, not_skills
from worksample.skills.model import KINDS, LANGUAGES, TECHNOLOGY_KINDS, Skill
from worksample.skills.validate import Problem, find_problems

__all__ = [
    "KINDS",
    "LANGUAGES",
    "TECHNOLOGY_KINDS",
    "Problem",
    "Skill",
    "get",
    "load",
    "not_skills",
    "find_problems",
]
