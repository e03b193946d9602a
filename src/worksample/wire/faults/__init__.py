"""What can befall a round trip: one file each, found by listing this folder."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from worksample.wire.gate import Fault


def faults() -> dict[str, type[Fault]]:
    """Return name -> class for every module here; each can be made without arguments."""
    found: dict[str, type[Fault]] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found[loaded.FAULT.name] = loaded.FAULT
    return found
