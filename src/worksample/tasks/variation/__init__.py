"""Harmless, seeded changes of a repository, among which a planted defect does not stand out.

A change never alters behaviour: names of local variables, the order of neighbouring functions and
of imports, layout and comments change; what a test can import or see does not. A kind of change
refuses every place where that is not certain.
"""

from worksample.tasks.variation.choosing import variations
from worksample.tasks.variation.variation import Variation

__all__ = ["Variation", "variations"]
