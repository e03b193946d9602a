"""Faults to inject into round trips: one module each, discovered in this folder."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from worksample.wire.gate import Fault


def faults() -> dict[str, type[Fault]]:
    """Return name -> class of all faults; each class can be instantiated without arguments."""
    found: dict[str, type[Fault]] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found[loaded.FAULT.name] = loaded.FAULT
    return found
