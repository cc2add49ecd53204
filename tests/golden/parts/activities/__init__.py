"""Activities of the case."""
