"""Every kind of step from the document to the model, and what the file as a whole may say."""

from __future__ import annotations

import textwrap

import pytest

from flowbridge.model.expression import Constant
from flowbridge.model.types import ArrayType, Field, IntegerType, NumberType, ObjectType, StringType
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Computed,
    ForEach,
    Mapping,
    Parallel,
    Raise,
    Repeat,
    Retry,
    Return,
    RunWorkflow,
    Sequence,
    Wait,
    WaitFor,
    Workflow,
)
from flowbridge.read import read_workflow
from flowbridge.text.source import Source

HEAD = "workflow: example\nversion: 1\n"


def bound(text: str) -> Workflow:
    workflow, found = read_workflow(Source("a.yaml", HEAD + textwrap.dedent(text)))
    assert workflow is not None, found
    return workflow


def test_loops_and_branches() -> None:
    loop, both, again, other = bound("""
        steps:
          - for_each: x
            in: input.l
            batch_size: 50
            tolerated_failures: 12.5%
            steps: [{status: x}]
          - parallel:
              near: {steps: [{id: a, set: 1}], output: '${a}'}
              far: {steps: [{status: x}]}
            complete_when: any
          - repeat:
              steps: [{status: x}]
              until: true
              every: 1m30s
              max_times: 9
              output: ${run.id}
            timeout: 2h
          - run: ship
            with: {order: x}
    """).steps
    assert isinstance(loop, ForEach)
    assert (loop.batch_size, loop.tolerated_failures, loop.max_concurrency) == (50, 0.125, 20)
    assert isinstance(both, Parallel)
    assert [one.name for one in both.branches] == ["near", "far"]
    assert isinstance(both.branches[0].output, Computed)
    assert (both.branches[1].output, both.wins) == (None, 1)
    assert isinstance(again, Repeat)
    assert (again.every, again.max_times, again.common.timeout) == (90.0, 9, 7200.0)
    assert isinstance(again.until, Constant)
    assert isinstance(again.output, Computed)
    assert isinstance(other, RunWorkflow)
    assert other.workflow == "ship"
    assert isinstance(other.arguments, Mapping)


@pytest.mark.parametrize(
    ("written", "wins"), [("all", None), ("any", 1), ("2", 2)]
)  # fmt: skip
def test_how_many_branches_have_to_win(written: str, wins: int | None) -> None:
    step = bound(f"""
        steps:
          - parallel: {{a: {{steps: [{{status: x}}]}}, b: {{steps: [{{status: x}}]}}}}
            complete_when: {written}
    """).steps[0]
    assert isinstance(step, Parallel)
    assert step.wins == wins


@pytest.mark.parametrize(("written", "tolerated"), [("0", 0), ("3", 3), ("10%", 0.1), ("100%", 1.0), ("0.5%", 0.005)])
def test_how_many_failures_are_tolerated(written: str, tolerated: float) -> None:
    step = bound(f"""
        input: {{l: 'string[]'}}
        steps: [{{for_each: x, in: input.l, steps: [{{status: x}}], tolerated_failures: {written}}}]
    """).steps[0]
    assert isinstance(step, ForEach)
    assert step.tolerated_failures == tolerated
    assert isinstance(step.tolerated_failures, float) == written.endswith("%")


def test_waits() -> None:
    short, until, one, several = bound("""
        types: {Payment: {amount: number}}
        steps:
          - wait: 2h30m
          - wait: {until: run.startedAt}
          - id: paid
            wait_for:
              event: payment_received
              payload: Payment
              match: payload.amount > 1
              count: 3
              timeout: 3d
              on_timeout: {raise: TimedOut}
          - wait_for:
              all: {paid: {amount: number}, stopped: {}}
              timeout: 1d
    """).steps
    assert isinstance(short, Wait)
    assert (short.seconds, short.until) == (9000.0, None)
    assert isinstance(until, Wait)
    assert until.seconds is None
    assert isinstance(one, WaitFor)
    assert (one.mode, one.count, one.timeout) == ("one", 3, 259_200.0)
    assert [(each.name, each.payload) for each in one.events] == [
        ("payment_received", ObjectType((Field("amount", NumberType()),)))
    ]
    assert isinstance(one.on_timeout, Raise)
    assert isinstance(several, WaitFor)
    assert (several.mode, several.on_timeout) == ("all", None)
    assert [(each.name, each.payload is None) for each in several.events] == [("paid", False), ("stopped", True)]


def test_an_approval_with_everything() -> None:
    step = bound("""
        steps:
          - id: signoff
            approval:
              title: x
              approvers: [a@b.c]
              required: all
              timeout: 7d
              remind_every: 1d
              escalate: {after: 3d, to: [cfo@contoso.com]}
              form: {cost_centre: string}
              outcomes: [Accept, Decline it]
              on_timeout: {return: }
    """).steps[0]
    assert isinstance(step, Approval)
    assert (step.required, step.remind_every, step.outcomes) == (None, 86_400.0, ("Accept", "Decline it"))
    assert step.escalation is not None
    assert step.escalation.after == 3 * 86_400.0
    assert isinstance(step.escalation.to, Sequence)
    assert step.form == ObjectType((Field("cost_centre", StringType()),))
    assert isinstance(step.on_timeout, Return)


def test_what_a_step_may_carry() -> None:
    block = bound("""
        activities: {ping: {errors: [Busy]}, undo: {}}
        retries: {default: {max_attempts: 3}, slow: {max_attempts: 9}}
        steps:
          - id: all
            if: run.version > 1
            timeout: 1h
            retry: slow
            catch:
              - on: [Busy, TimedOut]
                as: e
                steps: [{status: '${e.code}'}]
              - steps: [{status: x}]
            finally: [{status: over}]
            compensate: {call: undo, with: {a: 1}}
            steps: [{call: ping}]
    """).steps[0]
    assert isinstance(block, Block)
    common = block.common
    assert (common.timeout, common.retry) == (3600.0, Retry(max_attempts=9))
    assert [(one.on, one.variable) for one in common.catches] == [(("Busy", "TimedOut"), "e"), ((), None)]
    assert len(common.finally_) == 1
    assert common.compensate is not None
    assert common.compensate.activity == "undo"
    inner = block.steps[0]
    assert isinstance(inner, Call)
    assert (inner.retry, inner.common.retry) == (Retry(max_attempts=3), None)


def test_the_whole_file() -> None:
    workflow = bound("""
        input: {n: integer}
        config: {limit: {type: integer, default: 5}}
        schedule: {cron: '0  8 * * mon-fri', input: {n: 1}}
        timeout: 30d
        errors: {Late: {days: integer}, Gone: {}}
        steps:
          - if: input.n > 1
            raise: {error: Late, message: too late, with: {days: 3}}
          - raise: Gone
        on_failure: [{status: '${error.code}'}]
        finally: [{status: x}]
    """)
    assert workflow.config is not None
    assert workflow.config.fields[0].type == IntegerType()
    assert workflow.schedule is not None
    assert workflow.schedule.cron == "0 8 * * mon-fri"
    assert isinstance(workflow.schedule.arguments, Mapping)
    assert workflow.timeout == 30 * 86_400.0
    assert workflow.errors == ("Late", "Gone")
    assert workflow.error_types == (("Late", ObjectType((Field("days", IntegerType()),))),)
    assert len(workflow.all_steps) == 4
    late = workflow.steps[0]
    assert isinstance(late, Raise)
    assert isinstance(late.arguments, Mapping)


def test_a_list_in_sugar_has_the_bounds_of_a_list() -> None:
    kind = bound("input: {l: {type: 'string[]', minItems: 1, maxItems: 3}}\nsteps: [{status: x}]").input.fields[0].type
    assert isinstance(kind, ArrayType)
    assert (kind.items, kind.min_items, kind.max_items) == (StringType(), 1, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps: [{wait: 5}]", [("E140", 3)]),
        ("steps: [{wait: soon}]", [("E140", 3)]),
        ("steps: [{wait: {for: 1d}}]", [("E121", 3)]),
        ("steps: [{wait_for: {event: e}}]", [("E121", 3)]),
        ("steps: [{wait_for: {timeout: 1d}}]", [("E121", 3)]),
        ("steps: [{wait_for: {event: E, timeout: 1d}}]", [("E201", 3)]),
        ("steps: [{wait_for: {event: e, any: {f: {}}, timeout: 1d}}]", [("E120", 3)]),
        ("steps: [{wait_for: {any: {}, timeout: 1d}}]", [("E123", 3)]),
        ("steps: [{wait_for: {event: e, payload: string, timeout: 1d}}]", [("E141", 3)]),
        ("types: {Text: string}\nsteps: [{wait_for: {event: e, payload: Text, timeout: 1d}}]", [("E301", 4)]),
        ("steps: [{wait_for: {event: e, payload: Nothing, timeout: 1d}}]", [("E208", 3)]),
        ("steps: [{wait_for: {event: e, timeout: 1d}, timeout: 2d}]", [("E120", 3)]),
        ("steps: [{parallel: {}}]", [("E123", 3)]),
        ("steps: [{parallel: {a: {}}}]", [("E121", 3)]),
        ("steps: [{parallel: [{steps: []}]}]", [("E122", 3)]),
        ("steps: [{parallel: {a: {steps: [{status: x}]}}, complete_when: none}]", [("E123", 3)]),
        ("steps: [{parallel: {a: {steps: [{status: x}]}}, complete_when: 0}]", [("E123", 3)]),
        ("steps: [{repeat: {steps: [{status: x}], max_times: 3}}]", [("E121", 3)]),
        ("steps: [{for_each: x, in: input.l, steps: [{status: x}], tolerated_failures: 110%}]", [("E123", 3)]),
        ("steps: [{for_each: x, in: input.l, steps: [{status: x}], tolerated_failures: -1}]", [("E123", 3)]),
        ("steps: [{id: a, approval: {title: x, timeout: 1d, required: most}}]", [("E123", 3)]),
        ("steps: [{id: a, approval: {title: x, timeout: 1d, outcomes: []}}]", [("E123", 3)]),
        ("steps: [{id: a, approval: {title: x, timeout: 1d, outcomes: ['1']}}]", [("E201", 3)]),
        ("steps: [{id: a, approval: {title: x, timeout: 1d, escalate: {after: 1d}}}]", [("E121", 3)]),
        ("steps: [{set: 1, timeout: 1d}]", [("E120", 3)]),
        ("steps: [{run: b, retry: default}]", [("E120", 3)]),
        ("steps: [{status: x, catch: [{steps: [{status: x}]}]}]", [("E120", 3)]),
        ("steps: [{call: a, catch: [{on: Busy, steps: [{status: x}]}]}]", [("E122", 3)]),
        ("steps: [{call: a, catch: [{on: [Busy]}]}]", [("E121", 3)]),
        ("steps: [{call: a, catch: {steps: [{status: x}]}}]", [("E122", 3)]),
        ("steps: [{call: a, compensate: undo}]", [("E122", 3)]),
        ("steps: [{steps: [{call: a}], retry: slow}]", [("E209", 3)]),
        ("schedule: every day\nsteps: [{status: x}]", [("E145", 3)]),
        ("schedule: {input: {}}\nsteps: [{status: x}]", [("E121", 3)]),
        ("errors: {late: {}}\nsteps: [{status: x}]", [("E201", 3)]),
        ("errors: Late\nsteps: [{status: x}]", [("E122", 3)]),
        ("errors: {Late: {days: nothing}}\nsteps: [{status: x}]", [("E208", 3)]),
        ("config: {limit: nothing}\nsteps: [{status: x}]", [("E208", 3)]),
        ("on_failure: []\nsteps: [{status: x}]", [("E123", 3)]),
        ("input: {l: {type: 'string[]', minItems: 5, maxItems: 3}}\nsteps: [{status: x}]", [("E142", 3)]),
        ("input: {l: {type: 'string[]', minLength: 5}}\nsteps: [{status: x}]", [("E142", 3)]),
        ("types: {T: {a: string}}\ninput: {l: {type: T, minItems: 5}}\nsteps: [{status: x}]", [("E142", 4)]),
    ],
)  # fmt: skip
def test_one_message_for_one_mistake(text: str, expected: list[tuple[str, int]]) -> None:
    _, found = read_workflow(Source("a.yaml", HEAD + text))
    assert [(one.rule, one.span.line) for one in found] == expected
