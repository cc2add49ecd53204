"""Types of expressions and data: what fits, what narrows, and what is reported where."""

from __future__ import annotations

import textwrap

import pytest

from flowbridge.check import check
from flowbridge.model.analysis import Analysis, analyse
from flowbridge.model.assignability import assignable, describe, is_too_large, join
from flowbridge.model.inference import Scope, infer
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
    UnknownType,
)
from flowbridge.model.workflow import Approval, Block, Call, Computed, ForEach, Set, Switch, Workflow
from flowbridge.read import read_workflow
from flowbridge.text.source import Source

DECLARED = """
workflow: example
version: 1
types:
  Line: {sku: string, amount: number, note: {type: string, required: false}}
input:
  name: string
  nick: {type: string, required: false}
  count: integer
  price: number
  urgent: boolean
  maybe: {type: boolean, required: false}
  lines: Line[]
  tags: string[]
  numbers: integer[]
  colour: {enum: [red, green]}
  due: date
  extra: {type: map, values: integer}
  size: {type: integer, default: 5}
steps:
"""
LINE = ObjectType(
    (Field("sku", StringType()), Field("amount", NumberType()), Field("note", StringType(), required=False)), "Line"
)


def workflow_of(steps: str) -> Workflow:
    workflow, found = read_workflow(Source("a.yaml", DECLARED + textwrap.indent(textwrap.dedent(steps), "  ")))
    assert workflow is not None, found
    return workflow


def analysed(steps: str) -> Analysis:
    return analyse(workflow_of(steps))


def problems(steps: str) -> list[tuple[str, str]]:
    """The rules that were broken, and the text at the caret."""
    found = check(workflow_of(steps), None)
    return [(one.rule, one.span.source.text[one.span.start : one.span.end]) for one in found]


def type_of(expression: str) -> Type:
    quoted = expression.replace("'", "''")
    steps = f"- id: value\n  set: '${{{quoted}}}'\n"
    assert problems(steps) == []
    step = workflow_of(steps).steps[0]
    assert isinstance(step, Set)
    assert isinstance(step.value, Computed)
    result = analysed(steps)
    return infer(step.value.expression, result.before(result.workflow.steps[0]))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", IntegerType()),
        ("1.5", NumberType()),
        ("True", BooleanType()),
        ("None", NullType()),
        ('"a"', EnumType(("a",))),
        ("input.name", StringType()),
        ("input.nick", OptionalType(StringType())),
        ("input.size", IntegerType()),
        ("input.lines", ArrayType(LINE)),
        ("input.lines[0].amount", NumberType()),
        ("input.extra['a']", OptionalType(IntegerType())),
        ("run.startedAt", StringType("date-time")),
        ("input.count + 1", IntegerType()),
        ("input.count + 1.5", NumberType()),
        ("input.count / 2", NumberType()),
        ("input.count // 2", IntegerType()),
        ("-input.price", NumberType()),
        ('input.name + "x"', StringType()),
        ("input.tags + ['x']", ArrayType(StringType())),
        ("input.count > 1 and not input.urgent", BooleanType()),
        ('input.colour == "red"', BooleanType()),
        ('"a" in input.tags', BooleanType()),
        ('"a" in input.extra', BooleanType()),
        ('"a" if input.urgent else "b"', EnumType(("a", "b"))),
        ("1 if input.urgent else 2.5", NumberType()),
        ("input.name if input.urgent else None", OptionalType(StringType())),
        ("input.nick if input.nick is not None else input.name", StringType()),
        ("[line.sku for line in input.lines if line.amount > 0]", ArrayType(StringType())),
        ("[x.note for x in input.lines if x.note is not None]", ArrayType(StringType())),
        ("[1, 2.5]", ArrayType(NumberType())),
        ("[]", ArrayType(UnknownType())),
        ("Line(sku=input.name, amount=1)", LINE),
        ("len(input.lines)", IntegerType()),
        ("sum(input.numbers)", IntegerType()),
        ("sum(x.amount for x in input.lines)", NumberType()),
        ("min(input.numbers)", OptionalType(IntegerType())),
        ("max(input.count, input.price)", NumberType()),
        ("sorted(input.tags)", ArrayType(StringType())),
        ("any(x.amount > 5 for x in input.lines)", BooleanType()),
        ("first(input.lines)", OptionalType(LINE)),
        ("coalesce(input.nick, input.name)", StringType()),
        ("coalesce(input.nick, input.nick)", OptionalType(StringType())),
        ("coalesce(input.nick, input.nick, 'x')", StringType()),
        ("round(input.price)", IntegerType()),
        ("round(input.price, 2)", NumberType()),
        ("add_duration(now(), '7d')", StringType("date-time")),
        ("format_date(input.due, '%d.%m.%Y')", StringType()),
        ("today() < input.due", BooleanType()),
        ("parse_json(input.name)", UnknownType()),
        ("to_json(input.lines)", StringType()),
        ("contains(input.tags, input.name)", BooleanType()),
        ("join(split(input.name, ','), ';')", StringType()),
        ("int('5') + int(input.price)", IntegerType()),
    ],
)
def test_the_type_of_an_expression(expression: str, expected: Type) -> None:
    assert type_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "rule", "place"),
    [
        ("inptu.name", "E203", "inptu"),
        ("input.nam", "E210", "nam"),
        ("input.name.length", "E210", "length"),
        ("input.lines.sku", "E210", "sku"),
        ("input.nick + 'x'", "E303", "input.nick"),
        ("upper(input.nick)", "E303", "input.nick"),
        ("first(input.lines).sku", "E303", "first(input.lines)"),
        ("input.nick > 'x'", "E303", "input.nick"),
        ("input.extra['a'] + 1", "E303", "input.extra['a']"),
        ("input.name is not None", "E305", "input.name is not None"),
        ("input.nick == None", "E305", "input.nick == None"),
        ("input.count is 1", "E305", "input.count is 1"),
        ("input.name + 1", "E305", "input.name + 1"),
        ("input.name * 2", "E305", "input.name * 2"),
        ("-input.name", "E305", "-input.name"),
        ("input.name == 1", "E305", "input.name == 1"),
        ("input.name > 1", "E305", "input.name > 1"),
        ("input.lines == input.tags", "E305", "input.lines == input.tags"),
        ("1 in input.tags", "E305", "1 in input.tags"),
        ("1 in input.count", "E306", "1 in input.count"),
        ("input.colour == 'blue'", "E308", "'blue'"),
        ("'blue' != input.colour", "E308", "'blue'"),
        ("input.colour in ['blue']", "E308", "input.colour in ['blue']"),
        ("input.name[0]", "E305", "input.name[0]"),
        ("input.tags['a']", "E301", "'a'"),
        ("input.extra[1]", "E301", "1"),
        ("not input.count", "E304", "input.count"),
        ("input.urgent and input.tags", "E304", "input.tags"),
        ("1 if input.name else 2", "E304", "input.name"),
        ("input.maybe or input.urgent", "E303", "input.maybe"),
        ("1 if input.urgent else 'x'", "E301", "'x'"),
        ("[1, 'x']", "E301", "'x'"),
        ("[x for x in input.name]", "E306", "input.name"),
        ("[input for input in input.tags]", "E205", "[input for input in input.tags]"),
        ("lenght(input.name)", "E211", "lenght"),
        ("input(1)", "E211", "input"),
        ("len()", "E307", "len()"),
        ("len(1)", "E307", "1"),
        ("upper('a', 'b')", "E307", "upper('a', 'b')"),
        ("sum(input.tags)", "E307", "input.tags"),
        ("max(input.count, input.name)", "E307", "input.name"),
        ("min(input.urgent, True)", "E307", "input.urgent"),
        ("coalesce(input.nick, 1)", "E307", "1"),
        ("add_duration(now(), '7')", "E313", "'7'"),
        ("add_duration('soon', '7d')", "E313", "'soon'"),
        ("contains(input.tags, 1)", "E305", "contains(input.tags, 1)"),
        ("Lin(sku='a', amount=1)", "E208", "Lin"),
        ("Line(sku='a')", "E302", "Line(sku='a')"),
        ("Line(sku='a', amount='b')", "E301", "'b'"),
        ("Line(sku='a', amount=1, nite='x')", "E210", "'x'"),
        ("Line(sku=input.nick, amount=1)", "E303", "input.nick"),
        ("Line(sku='a', amount=1, note=None)", None, None),
    ],
)
def test_what_is_reported_and_where(expression: str, rule: str | None, place: str | None) -> None:
    found = problems(f'- id: value\n  set: "${{{expression}}}"\n')
    if rule is None:
        assert found == []
        return
    # A literal with one name is reported once; `min(bool, bool)` names both arguments.
    assert {one for one, _ in found} == {rule}
    assert found[0] == (rule, place)


# ---- narrowing


@pytest.mark.parametrize(
    ("steps", "rules"),
    [
        ("- if: input.nick is not None\n  status: ${upper(input.nick)}", []),
        ("- if: input.nick is not None and input.urgent\n  status: ${upper(input.nick)}", []),
        ("- if: input.nick is not None or input.urgent\n  status: ${upper(input.nick)}", ["E303"]),
        ("- if: not (input.nick is None)\n  status: ${upper(input.nick)}", []),
        ("- if: input.nick is None\n  status: ${upper(input.nick)}", ["E303"]),
        ("- if: input.nick == 'x'\n  status: ${upper(input.nick)}", []),
        ("- if: input.nick != 'x'\n  status: ${upper(input.nick)}", ["E303"]),
        ("- if: input.nick is not None and upper(input.nick) == 'X'\n  status: x", []),
        ("- if: input.nick is None or upper(input.nick) == 'X'\n  status: x", []),
        ("- if: upper(input.nick) == 'X' and input.nick is not None\n  status: x", ["E303"]),
        ("- if: input.nick is None\n  return:\n- status: ${upper(input.nick)}", []),
        ("- if: input.nick is None or input.urgent\n  return:\n- status: ${upper(input.nick)}", []),
        ("- if: input.nick is None and input.urgent\n  return:\n- status: ${upper(input.nick)}", ["E303"]),
        ("- if: input.nick is None\n  steps:\n    - status: x\n    - return:\n- status: ${upper(input.nick)}", []),
        ("- if: input.nick is None\n  steps:\n    - status: x\n- status: ${upper(input.nick)}", ["E303"]),
        ("- if: input.nick is not None\n  steps: [{status: x}]\n- status: ${upper(input.nick)}", ["E303"]),
        ("- switch:\n    - when: input.nick is None\n      steps: [{return: }]\n- status: ${upper(input.nick)}", []),
        (
            "- switch:\n    - when: input.urgent\n      steps: [{status: x}]\n"
            "    - when: input.nick is None\n      steps: [{return: }]\n- status: ${upper(input.nick)}",
            ["E303"],
        ),
        (
            "- switch:\n    - when: input.nick is None\n      steps: [{status: x}]\n"
            "  default: [{status: '${upper(input.nick)}'}]",
            [],
        ),
        (
            "- switch:\n    - when: input.nick is None\n      steps: [{status: x}]\n"
            "    - when: upper(input.nick) == 'X'\n      steps: [{status: x}]",
            [],
        ),
        ("- id: a\n  if: input.urgent\n  set: 1\n- status: ${a + 1}", ["E303"]),
        ("- id: a\n  if: input.urgent\n  set: 1\n- if: a is not None\n  status: ${a + 1}", []),
        ("- id: a\n  if: input.urgent\n  set: 1\n- status: ${coalesce(a, 0)}", []),
        ("- if: input.urgent\n  steps: [{id: a, set: 1}]\n- status: ${a + 1}", ["E303"]),
        ("- steps: [{id: a, set: 1}]\n- status: ${a + 1}", []),
        ("- switch: [{when: input.urgent, steps: [{id: a, set: 1}]}]\n- status: ${a + 1}", ["E303"]),
        (
            "- switch: [{when: input.urgent, steps: [{status: x}]}]\n  default: [{id: a, set: 1}]\n"
            "- status: ${a + 1}",
            ["E303"],
        ),
        ("- status: Hello ${input.nick}", ["E303"]),
    ],
)  # fmt: skip
def test_what_is_known_to_be_there(steps: str, rules: list[str]) -> None:
    assert [rule for rule, _ in problems(steps + "\n")] == rules


# ---- the walk


def test_scopes_and_results_of_each_step() -> None:
    analysis = analysed("""
        - id: lines
          if: input.urgent
          for_each: line
          in: input.lines
          steps:
            - id: doubled
              set: ${line.amount * 2}
          output: {sku: '${line.sku}', note: '${line.note}', doubled: '${doubled}'}
        - id: choice
          switch:
            - when: lines is None
              steps: [{status: x}]
            - when: lines.total > 3
              steps: [{status: x}]
        - id: approval
          approval:
            title: x
            timeout: 1d
            on_rejected: {return: }
    """)
    loop, switch, approval = analysis.workflow.steps
    assert isinstance(loop, ForEach)
    assert isinstance(switch, Switch)
    assert isinstance(approval, Approval)
    item = ObjectType(
        (Field("sku", StringType()), Field("note", StringType(), required=False), Field("doubled", NumberType()))
    )
    counts = tuple(Field(name, IntegerType()) for name in ("succeeded", "failed", "total"))
    result = ObjectType((Field("results", ArrayType(item)), *counts))
    assert analysis.result(loop) == result
    assert set(analysis.before(loop).names) == {"input", "run"}
    assert set(analysis.before(loop.steps[0]).names) == {"input", "run", "line"}
    assert set(analysis.end(loop).names) == {"input", "run", "line", "doubled"}
    assert analysis.before(switch).names["lines"] == OptionalType(result)
    assert [("lines",) in scope.sure for scope in analysis.cases(switch)] == [False, True]
    assert analysis.result(switch) is None
    answer = analysis.result(approval)
    assert isinstance(answer, ObjectType)
    names = [one.name for one in answer.fields]
    assert names == ["outcome", "responder", "comments", "decidedAt", "responses"]
    assert answer.fields[0].type == EnumType(("Approve", "Reject"))
    assert approval.on_rejected is not None
    assert "approval" in analysis.inside(approval.on_rejected).names
    assert "approval" not in analysis.inside(approval).names


def test_equal_steps_at_two_places_have_two_scopes() -> None:
    analysis = analysed("- status: x\n- id: a\n  set: 1\n- status: x\n")
    first, _, last = analysis.workflow.steps
    assert first == last
    assert "a" not in analysis.before(first).names
    assert "a" in analysis.before(last).names


def test_a_block_shares_its_condition() -> None:
    analysis = analysed("- if: input.nick is not None\n  steps:\n    - status: ${upper(input.nick)}\n")
    block = analysis.workflow.steps[0]
    assert isinstance(block, Block)
    assert ("input", "nick") not in analysis.before(block).sure
    assert ("input", "nick") in analysis.before(block.steps[0]).sure


@pytest.mark.parametrize(
    ("steps", "rules"),
    [
        ("- status: ${later}\n- id: later\n  set: 1", ["E213"]),
        ("- id: own\n  set: ${own}", ["E213"]),
        ("- id: a\n  status: x\n- status: ${a}", ["E310"]),
        ("- for_each: x\n  in: input.tags\n  steps: [{id: y, set: 1}]\n- status: ${y}", ["E214"]),
        ("- for_each: x\n  in: input.tags\n  steps: [{status: '${x}'}]\n- status: ${x}", ["E203"]),
        ("- for_each: x\n  in: input.tags\n  steps: [{id: y, set: 1}]\n  output: ${y + 1}", []),
        ("- for_each: x\n  in: input.extra\n  steps: [{status: x}]", ["E306"]),
        ("- id: a\n  for_each: x\n  in: input.tags\n  steps: [{status: x}]\n- set: ${a.results}", ["E210"]),
        ("- id: a\n  approval: {title: x, timeout: 1d, approvers: 5}", ["E301"]),
        ("- id: a\n  approval: {title: x, timeout: 1d, approvers: '${input.tags}'}", []),
        ("- id: a\n  approval: {title: x, timeout: 1d, approvers: '${input.name}'}", []),
        ("- id: a\n  approval: {title: x, timeout: 1d, approvers: '${input.numbers}'}", ["E301"]),
        (
            "- id: a\n  approval:\n    title: x\n    timeout: 1d\n"
            "    on_timeout: {raise: {error: X, message: '${a.responder}'}}",
            ["E213"],
        ),
        ("- status: x\n  id: a\n- id: b\n  title: ok\n  status: ${run.id}", []),
        ("- set: {a: 1}\n  id: o\n- status: ${o.b}", ["E210"]),
        ("- set: {a: 1, b: null}\n  id: o\n- status: ${o.a}", []),
        ("- set: [1, a]\n  id: o", ["E301"]),
    ],
)  # fmt: skip
def test_what_a_step_sees(steps: str, rules: list[str]) -> None:
    assert [rule for rule, _ in problems(steps + "\n") if rule != "E212"] == rules


def test_calls_are_checked_against_their_contract() -> None:
    base = """
workflow: example
version: 1
types: {Line: {sku: string, amount: number}}
input: {line: Line, nick: {type: string, required: false}}
activities:
  whole: {input: Line}
  many: {input: 'Line[]', output: {ok: boolean}}
  parts:
    input:
      line: Line
      kind: {enum: [a, b]}
      due: {type: date, required: false}
      free: {type: map, values: string}
steps:
"""

    def rules(step: str) -> list[tuple[str, int]]:
        workflow, found = read_workflow(Source("a.yaml", base + step))
        assert workflow is not None, found
        return [(one.rule, one.span.column) for one in check(workflow, None) if one.rule != "W202"]

    def call(activity: str, given: str) -> list[tuple[str, int]]:
        return rules(f"  - call: {activity}\n    with: {given}\n")

    assert call("whole", "'${input.line}'") == []
    assert call("whole", "{sku: a, amount: 1}") == []
    assert call("whole", "{sku: a, amount: 1, more: 2}") == [("E210", 31)]
    assert call("whole", "{sku: a, amuont: 1}") == [("E210", 20)]
    assert call("whole", "{sku: a}") == [("E302", 11)]
    assert call("whole", "'${input}'") == [("E301", 14)]
    assert call("many", "['${input.line}']") == []
    assert call("many", "'${[input.line]}'") == []
    assert call("many", "'${input.line}'") == [("E301", 14)]
    assert call("many", "x") == [("E301", 11)]
    good = "{line: '${input.line}', kind: a, due: '${input.nick}', free: {x: y}}"
    assert call("parts", good) == []
    assert call("parts", good.replace("kind: a", "kind: c")) == [("E308", 41)]
    assert call("parts", good.replace("kind: a", "kind: 'a${run.id}'")) == [("E301", 41)]
    assert call("parts", good.replace("kind: a", "kind: '${input.nick}'")) == [("E301", 44)]
    assert call("parts", good.replace("{x: y}", "{x: 1}")) == [("E301", 76)]
    assert call("parts", good.replace("due: '${input.nick}'", "due: 2026-13-01")) == [("E313", 49)]
    assert rules("  - call: many\n") == [("E311", 11)]
    assert rules("  - id: a\n    call: many\n    with: []\n  - if: a.ok\n    status: x\n") == []
    step = workflow_of("- call: ping\n").steps[0]
    assert isinstance(step, Call)


# ---- relations of types


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (IntegerType(), NumberType(), True),
        (NumberType(), IntegerType(), False),
        (EnumType(("a",)), EnumType(("a", "b")), True),
        (EnumType(("a", "c")), EnumType(("a", "b")), False),
        (EnumType(("a",)), StringType(), True),
        (StringType(), EnumType(("a",)), False),
        (StringType(), StringType("date"), True),
        (StringType(), OptionalType(StringType()), True),
        (OptionalType(StringType()), StringType(), False),
        (NullType(), OptionalType(StringType()), True),
        (NullType(), StringType(), False),
        (BooleanType(), IntegerType(), False),
        (ArrayType(IntegerType()), ArrayType(NumberType()), True),
        (ArrayType(UnknownType()), ArrayType(StringType()), True),
        (MapType(StringType()), MapType(IntegerType()), False),
        (ObjectType((Field("a", IntegerType()),)), ObjectType((Field("a", NumberType()),), "A"), True),
        (ObjectType(()), ObjectType((Field("a", NumberType()),)), False),
        (ObjectType(()), ObjectType((Field("a", NumberType(), required=False),)), True),
        (ObjectType((Field("a", NumberType(), required=False),)), ObjectType((Field("a", NumberType()),)), False),
        (
            ObjectType((Field("a", NumberType()), Field("b", NumberType()))),
            ObjectType((Field("a", NumberType()),)),
            False,
        ),
    ],
)
def test_what_fits_where(source: Type, target: Type, expected: bool) -> None:
    assert assignable(source, target) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (IntegerType(), NumberType(), NumberType()),
        (NullType(), StringType(), OptionalType(StringType())),
        (EnumType(("a",)), EnumType(("b",)), EnumType(("a", "b"))),
        (EnumType(("a",)), StringType(), StringType()),
        (StringType("date"), StringType(), StringType()),
        (StringType(), IntegerType(), None),
        (OptionalType(IntegerType()), NumberType(), OptionalType(NumberType())),
        (ArrayType(IntegerType()), ArrayType(NumberType()), ArrayType(NumberType())),
        (ArrayType(IntegerType()), ArrayType(StringType()), None),
    ],
)
def test_joins(left: Type, right: Type, expected: Type | None) -> None:
    assert join(left, right) == expected
    swapped = join(right, left)
    assert (swapped is None) == (expected is None)


def test_types_in_words() -> None:
    assert describe(ArrayType(LINE)) == "Line[]"
    assert describe(OptionalType(StringType("date"))) == "date that may be missing"
    assert describe(EnumType(("a", "b"))) == '"a" or "b"'
    assert describe(ArrayType(EnumType(("a", "b")))) == 'list of "a" or "b"'
    assert describe(ObjectType((Field("a", StringType()),))) == "object with a"


def test_types_without_bounds_are_noticed() -> None:
    kind: Type = StringType()
    for _ in range(20):
        kind = ObjectType((Field("a", kind), Field("b", kind), Field("c", kind)))
    assert is_too_large(kind)
    assert not is_too_large(LINE)


def test_a_scope_opens_comprehensions() -> None:
    workflow = workflow_of("- id: a\n  set: '${[x.note for x in input.lines if x.note is not None]}'\n")
    step = workflow.steps[0]
    assert isinstance(step, Set)
    assert isinstance(step.value, Computed)
    scope = analyse(workflow).inside(step)
    comprehension = step.value.expression
    inner = scope.inside(comprehension)  # type: ignore[arg-type]
    assert isinstance(inner, Scope)
    assert inner.names["x"] == LINE
    assert ("x", "note") in inner.sure
    assert scope.type_named("Line") == LINE
