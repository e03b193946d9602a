"""Tests of the benchmarks: what they plant, and how they count."""
