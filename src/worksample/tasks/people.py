"""The people of a task: who wrote the repository, and who passes on a complaint."""

from __future__ import annotations

import random
from dataclasses import dataclass

from worksample.tasks.history import Author

AUTHORS = (
    Author("Mira Okafor"),
    Author("Jonas Lindqvist"),
    Author("Priya Raman"),
    Author("Tomas Herrera"),
    Author("Lena Vogt"),
    Author("Sam Whitfield"),
)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who passes on what a customer wrote, and why it matters to them."""

    name: str
    role: str
    matters: str


REPORTERS = (
    Reporter(
        "Ines",
        "customer support",
        "I answer these by hand, and people do not come back after the second time.",
    ),
    Reporter("Bo", "sales", "I show this to a customer on Thursday, and it must not happen there."),
    Reporter(
        "Karim", "operations", "It looks harmless, but each case takes one of us half a morning."
    ),
    Reporter("Ruth", "accounting", "I have to explain it to the auditors, and I cannot."),
    Reporter("Diego", "the mobile app", "Our app shows what the server says, so we get the blame."),
    Reporter("Noor", "the product", "This is why people choose us, so it has to work."),
)

#: Who asks for a review, and why it matters to them.
REQUESTERS = (
    Reporter("Ines", "customer support", "what slips through, I get to hear of for a week."),
    Reporter(
        "Karim", "operations", "it goes to all machines at once, and at night I am alone here."
    ),
    Reporter("Ruth", "accounting", "the last clean-up cost us two days of correcting bills."),
    Reporter("Diego", "the mobile app", "our app is out already, and relies on every answer."),
    Reporter("Noor", "the product", "a quiet week is worth more to me than tidy code."),
)


def draw_authors(rng: random.Random) -> list[Author]:
    """Return the three people who wrote the repository."""
    return rng.sample(AUTHORS, 3)
