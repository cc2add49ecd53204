"""Comments that silence warnings in place: `# flowbridge: ignore W401 -- the reason`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flowbridge.model.workflow import Ignored
from flowbridge.text.source import Source, Span

_DIRECTIVE = re.compile(r"#\s*flowbridge:\s*ignore\b[ \t]*(?P<codes>[^\n]*?)(?:\s+--\s*(?P<reason>[^\n]*))?\s*$")


def ignored_in(source: Source, comments: Iterable[tuple[int, int]]) -> Iterator[Ignored]:
    """What the comments at these offsets silence: their own line, or the next if they stand alone on theirs."""
    for start, end in comments:
        found = _DIRECTIVE.match(source.text, start, end)
        if found is None:
            continue
        line = source.position(start)[0]
        alone = not source.line(line)[: start - source.line_starts[line - 1]].strip()
        codes = tuple(one for one in re.split(r"[\s,]+", found["codes"]) if one)
        reason = (found["reason"] or "").strip()
        yield Ignored(codes, reason, _next(source, line) if alone else line, Span(source, start, end))


def _next(source: Source, line: int) -> int:
    """The first line after a comment that is neither empty nor a comment itself."""
    following = line + 1
    while following <= len(source.line_starts) and source.line(following).lstrip()[:1] in ("", "#"):
        following += 1
    return following
