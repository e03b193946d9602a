"""The parts of the report in a terminal."""
