"""Tests of the engine with a fake target and a fake HTTP client."""
