"""The parts of `scripts/bench data`."""
