"""Tests of the grader itself: small broken or unusual servers, each with its expected report."""
