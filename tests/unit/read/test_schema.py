"""The shape of a workflow file: our walk and a general validator agree, and ours says it once and at its place."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from flowbridge.assets import schema_text, text
from flowbridge.read.document import parse
from flowbridge.read.nodes import node_value
from flowbridge.read.schema import check_shape
from flowbridge.read.shapes import KEYWORDS
from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings
from flowbridge.text.source import Source

SCHEMA = cast("dict[str, Any]", json.loads(schema_text()))
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SPEC = Path(__file__).parents[3] / "spec"


OTHER_KEYS = ["call", "steps", "tittle", "type", "enum", "id", "x-y", "raise", "return", "use"]
MORE_KEYS = ["call", "status", "enum", "required", "if", "with", "use", "max_attempts"]
OTHER_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 3, 1.5, 2.0, 10**7, "", "x", "Xy", "ping", "7d"),
    *([], ["a"], {}, {"a": "b"}, {"a": "string"}),
]


def is_valid(value: Any) -> bool:
    return bool(_VALIDATOR.is_valid(value))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def findings(source: str) -> list[Diagnostic]:
    found = Findings()
    with suppress(EnoughError):
        check_shape(parse(Source("a.yaml", source)), found)
    return found.all


def subjects() -> list[Any]:
    """The flagship, the golden cases, and every example of ERRORS.md that is YAML with a map at its root."""
    golden = SPEC.parent / "tests" / "golden"
    paths = [SPEC / "data_processing.yaml", *sorted(golden.glob("*/workflow.yaml"))]
    sources = [one.read_text(encoding="utf-8") for one in paths]
    for block in re.findall(r"^```yaml\n(.*?)^```", text("spec", "ERRORS.md"), re.DOTALL | re.MULTILINE):
        whole = block if "workflow:" in block else "workflow: example\nversion: 1\n" + block
        sources.append(whole if "steps:" in whole else whole + "steps:\n  - status: Working\n")
    values: list[Any] = []
    for source in sources:
        try:
            values.append(node_value(parse(Source("a.yaml", source)).root))
        except CompileError:
            continue
    return values


def as_map(value: Any) -> dict[Any, Any] | None:
    return cast("dict[Any, Any]", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys or positions."""
    mapping, items = as_map(value), as_list(value)
    pairs = list(mapping.items()) if mapping is not None else list(enumerate(items or []))
    for key, inner in pairs:
        yield value, key
        yield from places_in(inner)


def mutated(value: Any, chance: random.Random) -> Any:
    """A copy with one thing changed somewhere: a key misspelt, dropped or doubled, a value of another kind."""
    copy: Any = json.loads(json.dumps(value))
    node, key = chance.choice(list(places_in(copy)))
    mapping, items = as_map(node), as_list(node)
    kind = chance.randrange(5)
    if kind == 0 and mapping is not None:
        mapping[chance.choice(OTHER_KEYS)] = mapping.pop(key)
    elif kind == 1 and mapping is not None:
        del mapping[key]
    elif kind == 2 and mapping is not None:
        mapping[chance.choice(MORE_KEYS)] = chance.choice(OTHER_VALUES)
    elif kind == 3 and items is not None:
        items.append(chance.choice(OTHER_VALUES))
    else:
        node[key] = chance.choice(OTHER_VALUES)
    return copy


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)  # pyright: ignore[reportUnknownMemberType]


def test_the_schema_uses_only_what_the_walk_knows() -> None:
    def keywords(value: Any) -> set[str]:
        schema = as_map(value)
        if schema is None:
            return set()
        known = set(schema)
        for key in ("properties", "$defs"):
            for inner in (as_map(schema.get(key)) or {}).values():
                known |= keywords(inner)
        for key in ("items", "additionalProperties", "propertyNames"):
            known |= keywords(schema.get(key))
        for inner in as_list(schema.get("oneOf")) or []:
            known |= keywords(inner)
        return known

    assert keywords(SCHEMA) <= KEYWORDS


def test_the_flagship_fits_both() -> None:
    source = (SPEC / "data_processing.yaml").read_text(encoding="utf-8")
    assert findings(source) == []
    assert is_valid(node_value(parse(Source("a", source)).root))


def test_both_agree_on_what_is_right() -> None:
    chance = random.Random(20_260_131)
    known = subjects()
    assert len(known) > 100
    counts = {True: 0, False: 0}
    for number in range(1_500):
        value = known[number % len(known)]
        for _ in range(chance.randrange(3)):
            value = mutated(value, chance)
        source = json.dumps(value)
        right = is_valid(value)
        found = findings(source)
        assert (not found) is right, f"{source}\n{found}"
        counts[right] += 1
    assert min(counts.values()) > 300


@pytest.mark.parametrize(
    ("step", "rule", "place", "words"),
    [
        ("- call: a\n  wiht: {b: 1}", "E120", "wiht", "with"),
        ("- call: a\n  in: b", "E120", "in", "call step"),
        ("- id: a\n  timeout: 7d\n  approval: {title: x, timeout: 7d}", "E120", "timeout", 'inside of "approval"'),
        ("- wait_for: {event: a, timeout: 7d}\n  match: true", "E120", "match", 'inside of "wait_for"'),
        ("- repeat: {steps: [{status: x}], until: true}\n  max_times: 3", "E120", "max_times", 'inside of "repeat"'),
        ("- wait_for: {timeout: 7d}", "E121", "wait_for", "event, any or all"),
        ("- call: a\n  run: b", "E125", "run", "two"),
        ("- parallel: {a: [{status: x}]}", "E122", "[{status: x}]", "{steps: ["),
        ("- call: a\n  catch: [{on: Busy, steps: [{status: x}]}]", "E122", "Busy", "[Busy]"),
        ("- cal: a", "E124", "cal", "call"),
        ("- id: a\n  title: b", "E124", "id", "none of"),
        ("- id: a", "E124", "id", None),
        ("- call: a\n  raise: B", "E125", "raise", "two"),
        ("- call", "E122", "call", "`- call:`"),
        ("- just text", "E122", "just text", "verb"),
        ("- for_each: a\n  steps: [{status: x}]", "E121", "for_each", '"in"'),
        ("- for_each: a\n  on: b\n  in: c\n  steps: [{status: x}]", "E120", "on", None),
        ("- switch: []", "E123", "[]", "empty"),
        ("- switch: [{when: a}]", "E121", None, '"steps"'),
        ("- id: a\n  approval: {title: x}", "E121", "approval", '"timeout"'),
        ("- approval: {title: x, timeout: 7d}", "E121", "approval", '"id"'),
        ("- id: a\n  approval: {title: x, timeout: 1.5}", "E140", "1.5", "unit"),
        ("- id: a\n  approval: {title: x, timeout: 7 days}", "E140", "7 days", "unit"),
        ("- id: a\n  approval: {title: x, timeout: 7d, on_timeout: {}}", "E121", "on_timeout", "raise or return"),
        ("- id: a\n  approval: {title: x, timeout: 7d, on_timeout: {rase: B}}", "E121", "rase", "raise"),
        ("- id: a\n  approval: {title: x, timeout: 7d, on_timeout: {raise: B, return: 1}}", "E120", "return", "keep"),
        ("- call: a\n  retry: {max_atempts: 3}", "E121", "max_atempts", "max_attempts"),
        ("- call: a\n  retry: {use: default, max_attempts: 0}", "E123", "0", "least"),
        ("- call: a\n  retry: 3", "E122", "3", "text or a map"),
        ("- status: 5", "E122", "5", "quotes"),
        ("- id: A\n  set: 1", "E201", "A", "small letter"),
        ("- raise: out_of_stock", "E201", "out_of_stock", "capital"),
        ("- raise: {message: x}", "E121", "raise", '"error"'),
        ("- if: [a]\n  status: x", "E122", "[a]", "true or false"),
        ("- {}", "E124", "{}", None),
        ("- null", "E122", "null", None),
    ],
)  # fmt: skip
def test_one_message_for_one_mistake(step: str, rule: str, place: str | None, words: str | None) -> None:
    body = "\n".join("  " + line for line in step.splitlines())
    source = f"workflow: example\nversion: 1\nsteps:\n{body}\n"
    found = findings(source)
    assert [one.rule for one in found] == [rule]
    span = found[0].span
    if place is not None:
        assert source[span.start : span.end] == place
    if words is not None:
        assert words in f"{found[0].message} {found[0].hint}"


def test_all_mistakes_of_a_file_are_found_in_one_run() -> None:
    source = (
        "workflow: Example\nverion: 1\nsteps:\n  - call: a\n    wiht: 1\n  - status: 5\n  - steps:\n      - raise: x\n"
    )
    found = sorted((one.span.line, one.rule) for one in findings(source))
    assert found == [(1, "E201"), (2, "E120"), (5, "E120"), (6, "E122"), (8, "E201")]
