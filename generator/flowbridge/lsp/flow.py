"""Maps and lists in braces and brackets, and quoted texts, read as far as they go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[^\s,{}\[\]'\"#:]+")


@dataclass(eq=False)
class FlowPart:
    """A map or a list in braces or brackets; `key` is the one whose value is being read, None before a colon.

    `values` has what stands behind each key, `count` is the number of the item that is being read.
    """

    start: int
    is_map: bool
    values: dict[str, str] = field(default_factory=dict[str, str])
    key: str | None = None
    count: int = 0


@dataclass(eq=False)
class Flow:
    """The parts that are open at a place, from the outside in, and where the token at that place begins.

    `quote` is the quote in which the place is.
    """

    open: list[FlowPart]
    token: int
    quote: str | None
    token_text: str = ""


def flow_end(text: str, start: int, end: int) -> int:
    """Past the braces, brackets or quotes that open at `start`; `end` where they are not closed before."""
    depth, at = 0, start
    while at < end:
        character = text[at]
        if _opens(text, at, start):
            at = _quoted(text, at, end)
        elif character in "{[":
            depth += 1
            at += 1
        elif character in "}]":
            depth -= 1
            at += 1
        elif character == "#" and at > start and text[at - 1] in " \t":
            at = _line_end(text, at, end)
            continue
        else:
            at += 1
            continue
        if depth <= 0:
            return at
    return end


def flow_at(text: str, start: int, cursor: int) -> Flow:
    """Reads from the bracket or quote at `start` to the cursor."""
    flow = Flow([], start, None)
    at = start
    while at < cursor:
        character = text[at]
        if _opens(text, at, start):
            after = _quoted(text, at, cursor)
            flow.token = at
            if after >= cursor and not _closed(text, at, after):
                flow.quote = character
                return flow
            flow.token_text = text[at + 1 : after - 1]
            at = after
        else:
            at = _plain_step(text, at, cursor, flow)
    return flow


def _plain_step(text: str, at: int, cursor: int, flow: Flow) -> int:
    """Takes in what stands at `at` outside of quotes; gives where the next begins."""
    character = text[at]
    if character in "{[":
        flow.open.append(FlowPart(at, character == "{"))
        flow.token, flow.token_text = at + 1, ""
    elif character in "}]":
        if flow.open:
            flow.open.pop()
        flow.token, flow.token_text = at + 1, ""
    elif character == "," and flow.open:
        part = flow.open[-1]
        if part.key is not None:
            part.values[part.key] = flow.token_text
        part.key, part.count = None, part.count + 1
        flow.token, flow.token_text = at + 1, ""
    elif character == ":" and flow.open and flow.open[-1].is_map and flow.open[-1].key is None:
        part = flow.open[-1]
        part.key = flow.token_text
        part.values[part.key] = ""
        flow.token, flow.token_text = at + 1, ""
    elif character == "#" and text[at - 1 : at] in (" ", "\t"):
        return _line_end(text, at, cursor)
    elif character not in " \t\r\n":
        return _word(text, at, cursor, flow)
    return at + 1


def _word(text: str, at: int, cursor: int, flow: Flow) -> int:
    found = _PLAIN.match(text, at, cursor)
    end = found.end() if found is not None else at + 1
    if not flow.token_text:
        flow.token = at
    flow.token_text = text[flow.token : end]
    return end


def later_keys(text: str, cursor: int, end: int) -> list[str]:
    """The keys that stand behind the cursor in the same braces."""
    closing = cursor
    depth = 0
    keys: list[str] = []
    while closing < end:
        character = text[closing]
        if _opens(text, closing, cursor):
            closing = _quoted(text, closing, end)
            continue
        if character in "{[":
            depth += 1
        elif character in "}]":
            if depth == 0:
                break
            depth -= 1
        elif character == ":" and depth == 0:
            found = re.search(r"([A-Za-z0-9_]+)['\"]?\s*$", text[cursor:closing])
            keys += [found[1]] if found is not None else []
        closing += 1
    return keys


def _opens(text: str, at: int, start: int) -> bool:
    """Whether a quote begins a text here; within a word it is an apostrophe."""
    return text[at] in "'\"" and (at == start or text[at - 1] in " \t\r\n{[,:")


def _quoted(text: str, at: int, end: int) -> int:
    """Past the quoted text that begins at `at`; `end` where it is not closed."""
    quote = text[at]
    at += 1
    while at < end:
        if text[at] == "\\" and quote == '"':
            at += 2
        elif text[at] == quote:
            if quote == "'" and text[at + 1 : at + 2] == "'" and at + 1 < end:
                at += 2
                continue
            return at + 1
        else:
            at += 1
    return end


def _closed(text: str, at: int, after: int) -> bool:
    return after - at >= 2 and text[after - 1] == text[at]


def _line_end(text: str, at: int, end: int) -> int:
    found = text.find("\n", at, end)
    return end if found < 0 else found
