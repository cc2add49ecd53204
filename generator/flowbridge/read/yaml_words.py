"""What PyYAML says of a broken file, in words that name the cause and the cure."""

from __future__ import annotations

import yaml

from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Source, Span

_QUOTES = "put the text into quotes"

_CAUSES: tuple[tuple[str | tuple[str, str], str, str | None], ...] = (
    (
        "mapping values are not allowed",
        "a colon and a blank begin a value, and no value may begin here",
        f"check the indent of this line; if the colon belongs to a text, {_QUOTES}",
    ),
    (
        "could not find expected ':'",
        "a key without its colon",
        "write `key: value`, with a blank after the colon; a text over several lines must be indented",
    ),
    (
        ("did not find expected key", "expected <block end>, but found"),
        "the line does not fit the indent of the map around it",
        "lines of one map begin in the same column; a text that begins with a quote must end with it",
    ),
    (
        ("did not find expected ',' or '}'", "expected ',' or '}', but got"),
        "a map in braces is not closed, or its parts are not parted by commas",
        "inside of braces an expression needs quotes: {name: '${input.name}'}",
    ),
    (
        ("did not find expected ',' or ']'", "expected ',' or ']', but got"),
        "a list in brackets is not closed, or its items are not parted by commas",
        "inside of brackets an expression needs quotes: ['${input.name}']",
    ),
    (
        "did not find expected '-' indicator",
        "the line does not fit the list around it",
        "the items of one list begin in the same column, each with a dash and a blank",
    ),
    (
        ("block sequence entries are not allowed", "sequence entries are not allowed here"),
        "a list item may not begin here",
        "begin the list on a line of its own",
    ),
    (
        ("did not find expected node content", "expected the node content, but found"),
        "a value is missing",
        "inside of braces and brackets an expression needs quotes: ['${input.name}']",
    ),
    ("found unexpected end of stream", "a quote is opened and never closed", "close it"),
    ("found unexpected document indicator", "a quote is opened and never closed before this line", "close it"),
    (
        "found unknown escape character",
        "a backslash in double quotes begins an escape that YAML does not know",
        "use single quotes: nothing is an escape in them",
    ),
    ("found undefined tag handle", "a tag of an unknown family", "a text that begins with ! needs quotes"),
    ("found incompatible YAML document", "the file asks for a version of YAML that does not exist", "drop the line"),
    (
        ("did not find expected <document start>", "expected '<document start>', but found"),
        "text where a key is wanted",
        "a workflow is `key: value` line by line",
    ),
    ("invalid leading UTF-8 octet", "a byte that is not UTF-8", "save the file as UTF-8"),
)
"""What libyaml says, and where the parser in Python says it otherwise, that too; the cause; and the cure."""


def explain(error: yaml.YAMLError, source: Source) -> Diagnostic:
    """The diagnostic of a YAML error: its place, its cause, and where the part that it broke had begun."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Diagnostic("E103", Span(source, 0, 0), "the file cannot be read as YAML", str(error).split("\n")[0])
    at = min(error.problem_mark.index, len(source.text))
    cause, hint = _cause(error, source.text[at : at + 1])
    related: tuple[Related, ...] = ()
    if error.context_mark is not None and error.context_mark.line != error.problem_mark.line:
        start = min(error.context_mark.index, len(source.text))
        related = (Related(Span(source, start, min(start + 1, len(source.text))), "what it belongs to begins here"),)
    return Diagnostic("E103", Span(source, at, min(at + 1, len(source.text))), cause, "here", hint, related)


def _cause(error: yaml.MarkedYAMLError, character: str) -> tuple[str, str | None]:
    problem = error.problem or "the file cannot be read as YAML"
    if "cannot start any token" in problem:
        if character == "\t":
            return "a tab is used as an indent", "YAML is indented with blanks"
        return f"no value may begin with {character}", _QUOTES
    for words, cause, hint in _CAUSES:
        if any(one in problem for one in ((words,) if isinstance(words, str) else words)):
            return cause, hint
    return problem, None
