"""The distributions, built and installed as users do it."""
