"""The document to the workflow: what the flagship means, and what each step kind and type becomes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.model.durations import parse_duration, show_duration
from flowbridge.model.expression import Attribute, Name
from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    StringType,
    Type,
)
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Computed,
    ForEach,
    Mapping,
    Raise,
    Retry,
    Return,
    Scalar,
    Set,
    Status,
    Switch,
    Template,
    Workflow,
)
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.document import read_source
from flowbridge.text.source import Source

SPEC = Path(__file__).parents[3] / "spec"


def bound(text: str) -> Workflow:
    workflow, found = read_workflow(Source("a.yaml", "workflow: example\nversion: 1\n" + textwrap.dedent(text)))
    assert workflow is not None, found
    return workflow


def found(text: str) -> list[tuple[str, int]]:
    _, findings = read_workflow(Source("a.yaml", "workflow: example\nversion: 1\n" + textwrap.dedent(text)))
    return [(one.rule, one.span.line) for one in findings]


def test_the_flagship_is_read_and_right() -> None:
    workflow, findings = read_workflow(read_source(SPEC / "data_processing.yaml", "spec/data_processing.yaml"))
    assert findings == ()
    assert workflow is not None
    assert check(workflow, read_activities(SPEC / "activities", "spec/activities")) == ()
    assert [type(step).__name__ for step in workflow.steps] == [
        *("Call", "Raise", "Call", "ForEach", "Call", "Approval", "Call", "Return"),
    ]
    call = workflow.steps[0]
    assert isinstance(call, Call)
    assert call.retry == Retry(max_attempts=5, initial_delay=30.0, backoff=2.0, max_delay=600.0)
    assert call.common.span.place == "spec/data_processing.yaml:98"
    approval = workflow.steps[5]
    assert isinstance(approval, Approval)
    assert approval.timeout == 7 * 86_400
    assert isinstance(approval.on_rejected, Return)


def test_each_kind_of_step() -> None:
    workflow = bound("""
        input: {names: 'string[]'}
        activities: {ping: {}}
        errors: [Stopped]
        steps:
          - call: ping
          - for_each: name
            in: input.names
            steps: [{status: 'Hello ${name}'}]
            output: ${name}
          - switch:
              - when: len(input.names) > 3
                steps: [{raise: Stopped}]
            default: [{raise: {error: Stopped, message: No}}]
          - steps: [{set: 1}]
          - return:
    """)
    call, loop, switch, block, leave = workflow.steps
    assert isinstance(call, Call)
    assert isinstance(loop, ForEach)
    assert (loop.variable, loop.max_concurrency) == ("name", 20)
    assert loop.items == Attribute(Name("input", loop.common.span), "names", loop.common.span, loop.common.span)
    assert isinstance(loop.steps[0], Status)
    assert isinstance(loop.steps[0].message, Template)
    assert isinstance(loop.output, Computed)
    assert isinstance(switch, Switch)
    assert isinstance(switch.cases[0].steps[0], Raise)
    assert switch.default is not None
    other = switch.default[0]
    assert isinstance(other, Raise)
    assert other.message == Scalar("No", other.common.span)
    assert isinstance(block, Block)
    assert isinstance(block.steps[0], Set)
    assert isinstance(leave, Return)
    assert leave.value is None


def test_data_keeps_its_shape() -> None:
    step = bound("""
        steps:
          - id: a
            set: {n: 1, t: 'x ${run.id}', c: '${run.id}', l: [true, null], e: '$${x}'}
    """).steps[0]
    assert isinstance(step, Set)
    assert isinstance(step.value, Mapping)
    kinds = {name: type(value).__name__ for name, value in step.value.fields}
    assert kinds == {"n": "Scalar", "t": "Template", "c": "Computed", "l": "Sequence", "e": "Scalar"}
    assert dict(step.value.fields)["e"] == Scalar("${x}", step.common.span)
    assert [span.column for span in step.value.name_spans] == [11, 17, 35, 51, 68]


# ---- types


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("string", StringType()),
        ("integer", IntegerType()),
        ("number", NumberType()),
        ("boolean", BooleanType()),
        ("date-time", StringType("date-time")),
        ("'string[][]'", ArrayType(ArrayType(StringType()))),
        ("Item", ObjectType((Field("id", StringType()),))),
        ("'Item[]'", ArrayType(ObjectType((Field("id", StringType()),)))),
        ("Colour", EnumType(("red", "green"))),
        ("{enum: [a, b]}", EnumType(("a", "b"))),
        ("{type: string, enum: [a, b]}", EnumType(("a", "b"))),
        ("{type: string, format: uuid}", StringType("uuid")),
        ("{type: email}", StringType("email")),
        ("{type: 'integer[]'}", ArrayType(IntegerType())),
        ("{type: array, items: {a: string}}", ArrayType(ObjectType((Field("a", StringType()),)))),
        ("{type: map, values: number}", MapType(NumberType())),
        ("{type: object, properties: {type: string}}", ObjectType((Field("type", StringType()),))),
        ("{a: string, b: {c: integer}}", ObjectType(
            (Field("a", StringType()), Field("b", ObjectType((Field("c", IntegerType()),))))
        )),
    ],
)  # fmt: skip
def test_a_type_in_each_form(written: str, expected: Type) -> None:
    workflow = bound(f"""
        types: {{Colour: {{enum: [red, green]}}, Item: {{id: string}}}}
        input: {{it: {written}}}
        steps: [{{status: x}}]
    """)
    assert workflow.input.fields[0].type == expected


def test_a_field_has_its_keywords() -> None:
    fields = bound("""
        input:
          a: {type: string, title: A, description: The a., minLength: 1, maxLength: 5, pattern: '^x'}
          b: {type: integer, required: false, minimum: 1, maximum: 9}
          c: {type: 'string[]', default: [x]}
        steps: [{status: x}]
    """).input.fields
    a, b, c = fields
    assert (a.title, a.description, a.required, a.default) == ("A", "The a.", True, ABSENT)
    assert isinstance(a.type, StringType)
    assert (a.type.min_length, a.type.max_length, a.type.pattern) == (1, 5, "^x")
    assert (b.required, b.read_type.__class__.__name__) == (False, "OptionalType")
    assert isinstance(b.type, IntegerType)
    assert (b.type.minimum, b.type.maximum) == (1, 9)
    assert (c.required, c.default, c.read_type) == (False, ["x"], ArrayType(StringType()))


def test_the_names_of_types_stay_with_them() -> None:
    workflow = bound("""
        types: {B: A, A: {id: string}, C: 'A[]'}
        input: {a: A}
        steps: [{status: x}]
    """)
    assert {one.name for one in workflow.types} == {"A", "B"}
    kind = workflow.input.fields[0].type
    assert isinstance(kind, ObjectType)
    assert kind.name == "A"


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("{it: list}", ["E208"]),
        ("{it: array}", ["E141"]),
        ("{it: object}", ["E141"]),
        ("{it: 'a b'}", ["E141"]),
        ("{it: {type: array}}", ["E142"]),
        ("{it: {type: map}}", ["E142"]),
        ("{it: {type: object}}", ["E142"]),
        ("{it: {type: integer, minLength: 1}}", ["E142"]),
        ("{it: {type: integer, minimum: 5, maximum: 4}}", ["E142"]),
        ("{it: {type: string, pattern: '('}}", ["E142"]),
        ("{it: {type: array, items: {type: string, required: false}}}", ["E142"]),
        ("{it: {enum: [a, a]}}", ["E204"]),
        ("{it: {type: integer, default: x}}", ["E144"]),
        ("{it: {type: date, default: yesterday}}", ["E144"]),
        ("{it: {enum: [a, b], default: c}}", ["E144"]),
        ("{it: {type: string, id: string}}", ["E120"]),
        ("{it: {type: Unheard}}", ["E208"]),
        ("{it: {tpye: string, title: It, minLength: 1}}", ["E120"]),
        ("{it: {tpye: string}}", []),
    ],
)
def test_what_is_no_type(written: str, rules: list[str]) -> None:
    assert [rule for rule, _ in found(f"input: {written}\nsteps: [{{status: x}}]\n")] == rules


def test_types_may_not_be_circles() -> None:
    assert found("types: {A: {b: B}, B: {a: 'A[]'}}\nsteps: [{status: x}]\n") == [("E143", 3)]


# ---- retries and durations


def test_a_retry_is_resolved() -> None:
    workflow = bound("""
        activities: {ping: {errors: [Busy]}}
        retries:
          default: {max_attempts: 3, initial_delay: 2s}
          slow: {max_attempts: 9, initial_delay: 1m, backoff: 2, max_delay: PT1H, jitter: full}
        steps:
          - call: ping
          - call: ping
            retry: slow
          - call: ping
            retry: {use: slow, max_attempts: 4, only_on: [Busy]}
          - call: ping
            retry: {max_attempts: 2}
    """)
    slow = Retry(9, 60.0, 2.0, 3600.0, None, "full")
    assert [step.retry for step in workflow.steps if isinstance(step, Call)] == [
        Retry(3, 2.0),
        slow,
        Retry(4, 60.0, 2.0, 3600.0, None, "full", ("Busy",)),
        Retry(2),
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1h30m", 5_400),
        ("7d", 604_800),
        ("2w1d", 1_296_000),
        ("0.5s", 0.5),
        ("PT1H30M", 5_400),
        ("P1DT0.5S", 86_400.5),
        ("P2W", 1_209_600),
        ("7", None),
        ("1m1h", None),
        ("", None),
        ("P", None),
        ("PT", None),
        ("-1h", None),
        ("1 h", None),
        ("1H", None),
        ("P1M", None),
        ("٣d", None),
        ("9" * 30 + "d", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["90s", "1m30s", "1h30m", "7d", "1d12h", "2.5s", "365d"])
def test_durations_are_shown_as_they_are_written(text: str) -> None:
    seconds = parse_duration(text)
    assert seconds is not None
    assert parse_duration(show_duration(seconds)) == seconds


def test_all_findings_of_reading_come_in_one_run() -> None:
    assert found("""
        input: {a: strin}
        steps:
          - status: ${a +}
          - call: ping
            retry: nope
          - statsu: x
          - if: ${a}
            status: Order #${a}
    """) == [("E208", 4), ("E130", 6), ("E209", 8), ("E124", 9), ("E133", 10), ("W101", 11)]
