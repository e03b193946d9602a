"""Calibration: run the checks of a challenge on every reference and every mutant."""

from worksample.calibration.matrix import Matrix, Trial
from worksample.calibration.run import Trials, calibrate

__all__ = ["Matrix", "Trial", "Trials", "calibrate"]
