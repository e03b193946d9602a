"""Ways to question a target; every probe stands on the recorded HTTP client in `http`."""
