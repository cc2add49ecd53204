"""Single values against a shape: what is wrong with them, and how they would be right."""

from __future__ import annotations

from flowbridge.read.nodes import ListNode, MapNode, Node, ScalarNode, shorten
from flowbridge.read.shapes import Shape
from flowbridge.text.source import Span


def is_kind(node: Node, kind: str) -> bool:
    """Whether a node is of a kind of JSON Schema."""
    match kind, node:
        case ("object", MapNode()) | ("array", ListNode()):
            return True
        case "string", ScalarNode(value=str()):
            return True
        case "boolean", ScalarNode(value=bool()):
            return True
        case "integer", ScalarNode(value=int() | float() as value):
            return not isinstance(value, bool) and float(value).is_integer()
        case "number", ScalarNode(value=int() | float() as value):
            return not isinstance(value, bool)
        case _:
            return False


def article(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def text_problem(text: str, shape: Shape, what: str) -> str | None:
    """What is wrong with a text; None where nothing is."""
    if shape.shortest is not None and len(text) < shape.shortest:
        return f"{what} is an empty text"
    if shape.longest is not None and len(text) > shape.longest:
        return f"{what} has {len(text)} characters, and {shape.longest} are allowed"
    if shape.pattern is not None and shape.pattern.fullmatch(text) is None:
        word = shape.title.lower() or "text"
        return f'"{shorten(text)}" is not {article(word)}'
    return None


def number_problem(value: float, shape: Shape, what: str) -> str | None:
    """What is wrong with a number; None where nothing is."""
    if shape.least is not None and value < shape.least:
        return f"{what} is {value}, and {shape.least} is the least"
    if shape.most is not None and value > shape.most:
        return f"{what} is {value}, and {shape.most} is the most"
    return None


def kind_hint(node: ScalarNode, wanted: str) -> str | None:
    """How a scalar becomes what is wanted."""
    if wanted == "true or false" and node.text.lower() in ("yes", "on", "no", "off"):
        return f"write {'true' if node.text.lower() in ('yes', 'on') else 'false'}: in YAML 1.2 {node.text} is a text"
    if wanted == "a list" and node.value is not None:
        return f"put it into brackets: [{shorten(node.text)}]"
    if "a text" in wanted and node.value is not None:
        return f"put it into quotes: '{shorten(node.text)}'"
    if wanted in ("a whole number", "a number") and isinstance(node.value, str) and node.style != "plain":
        return "write it without quotes"
    return None


def first_line(node: Node) -> Span:
    """The place of a node; of one over several lines its first key or item."""
    match node:
        case MapNode(entries=(first, *_)):
            return first.key_span
        case ListNode(items=(first, *_)) if first.span.line != node.span.source.position(node.span.end)[0]:
            return first_line(first)
        case _:
            return node.span
