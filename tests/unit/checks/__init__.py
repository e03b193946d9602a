"""Tests of the parts that checks are written with."""
