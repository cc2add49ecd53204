"""Activities of the greeting workflow: plain functions, sync or async; a parameter for each field of the input."""


def write_greeting(name: str) -> str:
    """Writes a greeting."""
    return f"Hello, {name}!"
