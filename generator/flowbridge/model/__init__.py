"""What the author meant: the workflow, its types and its expressions, as frozen values."""
