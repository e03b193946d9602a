"""Which checks of a challenge a run includes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.checks import STAYS_UP, Aspect, Check
from worksample.errors import UserError
from worksample.messages import message

_SENTENCE = re.compile(r"(?:stages 1 to (?P<stage>\d+))?(?:; )?(?:only (?P<only>.+))?")


@dataclass(frozen=True, slots=True)
class Selection:
    """The checks up to `stage` (0: all), of the aspects or with the ids in `only` (empty: all).

    With a `budget` of so many seconds (0: no limit), those of them that tell most for the time.
    """

    stage: int = 0
    only: tuple[str, ...] = ()
    budget: float = 0.0

    @classmethod
    def from_sentence(cls, sentence: str) -> Selection:
        """Return the selection that `str` turned into `sentence`, for reports without the data.

        A sentence of another kind is taken for the name of a check, so that it covers no stage.
        """
        found = _SENTENCE.fullmatch(sentence)
        if found is None:
            return cls(only=(sentence,))
        only = found["only"]
        return cls(int(found["stage"] or 0), tuple(only.split(", ")) if only else ())

    @property
    def is_everything(self) -> bool:
        """Whether all checks are selected: only such a run is evidence."""
        return self == EVERYTHING

    def covers(self, stage: int) -> bool:
        """Return whether all checks of the stage are asked, if the budget suffices for them."""
        return not self.only and (not self.stage or stage <= self.stage)

    def choose(self, checks: Sequence[Check]) -> list[Check]:
        """Return the selected checks, `STAYS_UP` among them if it is one of `checks`.

        Raises `UserError` for an unknown name, or if no check is left that asks anything.
        """
        for name in self.only:
            _require_known(name, checks)
        chosen = [check for check in checks if not self.stage or check.stage <= self.stage]
        if self.only:
            wanted = set(self.only)
            chosen = [check for check in chosen if {check.aspect.value, check.id} & wanted]
        chosen = [check for check in chosen if check is not STAYS_UP]
        if not chosen:
            raise UserError(
                message("No check matches the selection: {selection}.", selection=self),
                hint="Choose a later stage, or other checks.",
            )
        return [*(check for check in checks if check is STAYS_UP), *chosen]

    def __str__(self) -> str:
        parts = [message("stages 1 to {stage}", stage=self.stage)] if self.stage else []
        parts += [message("only {names}", names=", ".join(self.only))] if self.only else []
        parts += [message("within {seconds} s", seconds=f"{self.budget:g}")] if self.budget else []
        return "; ".join(parts)


EVERYTHING = Selection()


def _require_known(name: str, checks: Sequence[Check]) -> None:
    known = [*(aspect.value for aspect in Aspect), *(check.id for check in checks)]
    if name in known:
        return
    close = difflib.get_close_matches(name, known, 3)
    aspects = ", ".join(aspect.value for aspect in Aspect)
    raise UserError(
        message("There is no aspect and no check called {name}.", name=repr(name)),
        hint=message("Did you mean {names}?", names=" or ".join(close))
        if close
        else message("Aspects are {aspects}.", aspects=aspects),
    )
