"""What the compiler makes: a file as a value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Artifact:
    """A file to be written: `path` is relative, with forward slashes; `content` is its exact bytes."""

    path: str
    content: bytes = field(repr=False)

    @staticmethod
    def text(path: str, content: str) -> Artifact:
        """An artifact of text, in UTF-8."""
        return Artifact(path, content.encode())
