"""The parts of the report as a terminal shows it."""
