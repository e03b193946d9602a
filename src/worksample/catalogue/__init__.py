"""Find, read and validate challenges. Holds the models of the content, not the content."""

from worksample.catalogue.answers import Answers
from worksample.catalogue.discovery import catalogue_folder, load, load_all, load_folder
from worksample.catalogue.model import Challenge, Stage
from worksample.catalogue.mutants import Mutant

__all__ = [
    "Answers",
    "Challenge",
    "Mutant",
    "Stage",
    "catalogue_folder",
    "load",
    "load_all",
    "load_folder",
]
