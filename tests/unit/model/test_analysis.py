"""The scopes and results of the kinds of steps, as the plan asks for them."""

from __future__ import annotations

import textwrap
from typing import TypeVar

from flowbridge.model.analysis import Analysis, analyse
from flowbridge.model.results import ERROR
from flowbridge.model.structure import every_step
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
)
from flowbridge.model.workflow import Approval, ForEach, Parallel, Repeat, Set, Step, WaitFor
from flowbridge.read import read_workflow
from flowbridge.text.source import Source

Kind = TypeVar("Kind", bound=Step)
HEAD = """workflow: example
version: 1
input: {l: 'string[]', n: integer}
activities: {poll: {output: {state: string, at: {type: number, required: false}}, errors: [Busy], idempotent: true}}
"""


def analysed(text: str) -> Analysis:
    workflow, found = read_workflow(Source("a.yaml", HEAD + textwrap.dedent(text)))
    assert workflow is not None, found
    return analyse(workflow)


def only(analysis: Analysis, kind: type[Kind]) -> Kind:
    """The one step of a kind."""
    found = [one for one in every_step(analysis.workflow.all_steps) if isinstance(one, kind)]
    assert len(found) == 1
    return found[0]


def obj(*fields: Field) -> ObjectType:
    return ObjectType(fields)


def test_a_fan_out_with_a_tolerance_in_batches() -> None:
    analysis = analysed("""
        steps:
          - id: f
            for_each: x
            in: input.l
            batch_size: 5
            tolerated_failures: 1
            steps: [{id: i, call: poll}]
            output: ${i.state}
    """)
    loop = only(analysis, ForEach)
    batch = ArrayType(StringType())
    assert analysis.end(loop).names["x"] == batch
    failure = obj(Field("index", IntegerType()), Field("item", batch), Field("error", ERROR))
    result = analysis.result(loop)
    assert isinstance(result, ObjectType)
    assert result.fields[:2] == (Field("results", ArrayType(StringType())), Field("errors", ArrayType(failure)))


def test_branches() -> None:
    text = """
        steps:
          - id: p
            parallel:
              near: {{steps: [{{id: a, call: poll}}], output: '${{a.state}}'}}
              far: {{steps: [{{id: b, call: poll}}], output: '${{b.at}}'}}
              mute: {{steps: [{{id: c, call: poll}}]}}
            complete_when: {0}
    """
    for when, required in (("all", True), ("any", False)):
        analysis = analysed(text.format(when))
        step = only(analysis, Parallel)
        assert analysis.result(step) == obj(
            Field("near", StringType(), required=required), Field("far", NumberType(), required=False)
        )
        ends = analysis.branch_ends(step)
        assert [sorted(one.names.keys() - {"input", "run"}) for one in ends] == [["a"], ["b"], ["c"]]


def test_a_loop_gives_what_its_condition_has_shown() -> None:
    analysis = analysed("""
        steps:
          - id: r
            repeat: {steps: [{id: p, call: poll}], until: p.at is not None, max_times: 3, output: '${p.at}'}
    """)
    step = only(analysis, Repeat)
    assert analysis.result(step) == NumberType()
    assert ("p", "at") in analysis.end(step).sure
    assert "p" not in analysis.before(step).names


def test_events() -> None:
    payment = obj(Field("amount", NumberType()))
    one = "{event: e, payload: {amount: number}, match: payload.amount > 1, timeout: 1d}"
    for written, result in (
        (one, payment),
        (one.replace("match", "count: 2, match"), ArrayType(payment)),
        ("{event: e, timeout: 1d}", None),
        (
            "{any: {e: {amount: number}, f: {}}, timeout: 1d}",
            obj(Field("e", payment, required=False), Field("f", BooleanType(), required=False)),
        ),
        ("{all: {e: {amount: number}, f: {}}, timeout: 1d}", obj(Field("e", payment), Field("f", BooleanType()))),
    ):
        analysis = analysed(f"steps: [{{id: w, wait_for: {written}}}]")
        step = only(analysis, WaitFor)
        assert analysis.result(step) == result
        if "match" in written:
            assert analysis.matching(step).names["payload"] == payment


def test_an_approval_with_a_form() -> None:
    analysis = analysed("""
        steps:
          - id: a
            approval:
              title: x
              timeout: 1d
              form: {cost: integer}
              outcomes: [Reject, Accept]
              on_rejected: {return: }
    """)
    step = only(analysis, Approval)
    answer = (
        Field("outcome", EnumType(("Reject", "Accept"))),
        Field("responder", StringType()),
        Field("comments", StringType(), required=False),
        Field("decidedAt", StringType("date-time")),
    )
    form = obj(Field("cost", IntegerType()))
    responses = Field("responses", ArrayType(ObjectType(answer)))
    assert analysis.result(step) == obj(*answer, responses, Field("form", form))
    assert step.on_rejected is not None
    refused = analysis.inside(step.on_rejected).names["a"]
    assert refused == obj(*answer, responses, Field("form", form, required=False))


def test_what_was_caught_may_be_missing_and_is_not_seen_in_its_catch() -> None:
    analysis = analysed("""
        steps:
          - id: b
            steps: [{id: p, call: poll}]
            catch:
              - on: [Busy]
                as: e
                steps: [{id: q, set: 1}]
              - steps: [{id: r, set: 1}, {raise: TimedOut}]
            finally: [{id: s, set: 1}]
          - id: last
            set: 1
    """)
    block, last = analysis.workflow.steps
    names = analysis.before(last).names
    assert names.keys() == {"input", "run", "p", "q"}
    assert isinstance(names["p"], OptionalType)
    assert names["q"] == OptionalType(IntegerType())
    caught = block.common.catches[0].steps[0]
    assert analysis.before(caught).names.keys() == {"input", "run", "e"}
    assert analysis.before(caught).names["e"] == ERROR
    assert analysis.before(block.common.finally_[0]).names.keys() == {"input", "run"}


def test_undoing_sees_the_value_of_its_step() -> None:
    analysis = analysed(
        """
        activities: {undo: {input: {id: string}}}
        steps:
          - id: p
            call: poll
            compensate: {call: undo, with: {id: '${p.state}'}}
    """.replace("        activities: {undo: {input: {id: string}}}\n", "")
    )
    assert "p" in analysis.undoing(analysis.workflow.steps[0]).names


def test_the_parts_of_a_workflow_see_what_is_there() -> None:
    analysis = analysed("""
        config: {limit: integer}
        errors: {Late: {days: integer}}
        steps:
          - id: a
            set: 1
          - id: b
            steps: [{raise: {error: Late, with: {days: 3}}}]
            catch: [{on: [Late], as: e, steps: [{id: c, set: '${e.details.days}'}]}]
        on_failure: [{id: d, set: 1}]
        finally: [{id: f, set: 1}]
    """)
    workflow = analysis.workflow
    assert analysis.before(workflow.on_failure[0]).names.keys() == {"input", "run", "config", "error"}
    assert analysis.before(workflow.on_failure[0]).names["error"] == ERROR
    assert analysis.before(workflow.finally_[0]).names.keys() == {"input", "run", "config"}
    assert dict(analysis.schedule().names) == {}
    caught = next(one for one in every_step(workflow.steps) if one.common.id == "c")
    assert isinstance(caught, Set)
    assert analysis.result(caught) == IntegerType()
