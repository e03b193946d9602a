"""The client of the mirror challenge."""

from __future__ import annotations

from worksample.checks import World


class Mirror(World):
    """Looks into the mirror."""
