"""Calibrate a challenge: its checks on every reference and every mutant."""

from worksample.calibration.matrix import Matrix, Trial
from worksample.calibration.run import Trials, calibrate

__all__ = ["Matrix", "Trial", "Trials", "calibrate"]
