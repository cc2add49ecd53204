"""The activities of this case."""
