"""The rules on every kind of step: what is found where, and what is left alone."""

from __future__ import annotations

import textwrap

import pytest

from flowbridge.check import check
from flowbridge.read import read_workflow
from flowbridge.text.source import Source


def found(text: str) -> list[tuple[str, int]]:
    """The rules that a workflow breaks, each with its line below `version`."""
    source = Source("a.yaml", "workflow: example\nversion: 1\n" + textwrap.dedent(text).strip("\n"))
    workflow, findings = read_workflow(source)
    assert workflow is not None, findings
    return [(one.rule, one.span.line - 2) for one in check(workflow, None)]


def found_in(body: str) -> list[tuple[str, int]]:
    """The rules that these steps break, each with its line among them; a list and two activities are at hand."""
    head = (
        "input: {l: 'string[]', n: integer}\n"
        "activities: {ping: {output: {done: boolean, at: {type: date-time, required: false}}, errors: [Busy], "
        "idempotent: true}, undo: {idempotent: true}}\nsteps:\n"
    )
    used = "  - {if: input.n > 9, call: undo}\n  - {if: input.n > 8, call: ping}\n"
    return [(rule, line - 5) for rule, line in found(head + used + textwrap.indent(body, "  "))]


TURN = "steps: [{id: polled, call: ping}], until: polled.done"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # ---- waits have bounds
        ("- wait: 365d", []),
        ("- wait: 366d", [("E405", 1)]),
        ("- wait: 0s", [("E405", 1)]),
        ("- {wait: 2h, timeout: 366d}", [("E405", 1)]),
        ("- wait: {until: 'add_duration(run.startedAt, \"1d\")'}", []),
        ("- wait: {until: input.n}", [("E301", 1)]),
        ('- wait: {until: \'"tomorrow"\'}', [("E313", 1)]),
        ('- wait: {until: \'"2030-01-31"\'}', []),
        ("- {id: p, call: ping}\n- wait: {until: p.at}", [("E303", 2)]),
        ("- wait_for: {event: e, timeout: 366d}", [("E405", 1)]),
        ("- wait_for: {event: e, timeout: 3d}", []),
        # ---- events
        ("- for_each: x\n  in: input.l\n  steps: [{wait_for: {event: e, timeout: 1d}}]", [("E401", 3)]),
        (f"- for_each: x\n  in: input.l\n  steps: [{{repeat: {{{TURN}, max_times: 2}}}}]", []),
        (
            "- for_each: x\n  in: input.l\n  steps:\n    - repeat:\n"
            "        steps: [{wait_for: {event: e, timeout: 1d}}]\n"
            "        until: true\n        max_times: 2",
            [("E401", 5)],
        ),
        ("- repeat:\n    steps: [{wait_for: {event: e, timeout: 1d}}]\n    until: true\n    max_times: 2", []),
        (
            "- for_each: x\n"
            "  in: input.l\n"
            "  steps: [{status: '${x}'}]\n"
            "  catch: [{steps: [{wait_for: {event: e, timeout: 1d}}]}]",
            [],
        ),
        ("- wait_for: {event: e, timeout: 1d}\n- wait_for: {event: e, timeout: 1d}", []),
        (
            "- wait_for: {event: e, payload: {a: string}, timeout: 1d}\n"
            "- wait_for: {event: e, timeout: 1d}",
            [("E219", 2)],
        ),
        ("- wait_for: {any: {e: {a: string}, f: {}}, timeout: 1d}\n- wait_for: {event: f, timeout: 1d}", []),
        (
            "- parallel:\n    a: {steps: [{wait_for: {event: e, timeout: 1d}}]}\n"
            "    b: {steps: [{wait_for: {any: {e: {}, f: {}}, timeout: 1d}}]}",
            [("E218", 3)],
        ),
        (
            "- parallel:\n"
            "    a: {steps: [{wait_for: {event: e, timeout: 1d}}, {wait_for: {event: e, timeout: 1d}}]}\n"
            "    b: {steps: [{status: x}]}",
            [],
        ),
        ("- id: e\n  approval: {title: x, timeout: 1d}\n- wait_for: {event: e, timeout: 1d}", [("E218", 3)]),
        (
            "- id: w\n"
            "  wait_for: {event: e, payload: {a: integer}, match: payload.a == input.n, timeout: 1d}\n"
            "- status: ${w.a}",
            [],
        ),
        ("- wait_for: {event: e, payload: {a: integer}, match: payload.b == input.n, timeout: 1d}", [("E210", 1)]),
        ("- wait_for: {event: e, payload: {a: integer}, match: payload.a, timeout: 1d}", [("E304", 1)]),
        ("- wait_for: {event: e, timeout: 1d, match: payload.a == 1}", [("E210", 1)]),
        (
            "- id: w\n"
            "  wait_for: {event: e, payload: {a: integer}, count: 3, timeout: 1d}\n"
            "- status: '${sum([x.a for x in w])}'",
            [],
        ),
        ("- id: w\n  wait_for: {event: e, timeout: 1d}\n- status: ${w}", [("E310", 3)]),
        ("- id: w\n  wait_for: {any: {e: {a: integer}, f: {}}, timeout: 1d}\n- status: ${w.e.a}", [("E303", 3)]),
        (
            "- id: w\n"
            "  wait_for: {any: {e: {a: integer}, f: {}}, timeout: 1d}\n"
            "- if: w.e is not None\n"
            "  status: ${w.e.a}",
            [],
        ),
        ("- id: w\n  wait_for: {all: {e: {a: integer}, f: {}}, timeout: 1d}\n- status: ${w.e.a} ${w.f}", []),
        ("- wait_for: {any: {e: {class: string}}, timeout: 1d}", [("E202", 1)]),
        ("- wait_for: {any: {class: {}}, timeout: 1d}", [("E202", 1)]),
        # ---- approvals
        ("- id: a\n  approval: {title: x, timeout: 2d, remind_every: 2d}", [("W405", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, remind_every: 0s}", [("E405", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, remind_every: 1d, escalate: {after: 1d, to: [x@y.z]}}", []),
        ("- id: a\n  approval: {title: x, timeout: 2d, escalate: {after: 3d, to: [x@y.z]}}", [("W405", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, escalate: {after: 1d, to: 7}}", [("E301", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, required: 3, approvers: [a@b.c, d@e.f]}", [("E410", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, required: 3, approvers: '${input.l}'}", []),
        ("- id: a\n  approval: {title: x, timeout: 2d, required: all, approvers: [a@b.c]}", []),
        ("- id: a\n  approval: {title: x, timeout: 2d, required: 2, approvers: a@b.c}", [("E410", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, required: 2, approvers: a@b.c;d@e.f}", []),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 2d, required: 2, approvers: [a@b.c], escalate: {after: 1d, "
            "to: [d@e.f]}}",
            [],
        ),
        ("- id: a\n  approval: {title: x, timeout: 2d, outcomes: [Yes, No], on_rejected: {return: }}", [("W405", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, outcomes: [Approve, Reject, Ask], on_rejected: {return: }}", []),
        ("- id: a\n  approval: {title: x, timeout: 2d, outcomes: [Yes, Yes]}", [("E204", 2)]),
        ("- id: a\n  approval: {title: x, timeout: 2d, outcomes: [Yes, YES]}", [("E206", 2)]),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 2d, outcomes: [Yes, No]}\n"
            "- if: a.outcome == \"Maybe\"\n"
            "  status: x",
            [("E308", 3)],
        ),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 2d, form: {cost: integer}}\n"
            "- status: ${a.form.cost} ${len(a.responses)}",
            [],
        ),
        ("- id: a\n  approval: {title: x, timeout: 2d}\n- status: ${a.form.cost}", [("E210", 3)]),
        (
            "- id: a\n  approval:\n    title: x\n    timeout: 2d\n    form: {cost: integer}\n"
            "    on_rejected: {raise: {error: TimedOut, message: '${a.form.cost}'}}",
            [("E303", 6)],
        ),
        # ---- loops
        (f"- repeat: {{{TURN}, max_times: 100}}", []),
        (f"- repeat: {{{TURN}, max_times: 101}}", [("W402", 1)]),
        (f"- repeat: {{{TURN}, max_times: 101, every: 1s}}", []),
        (f"- repeat: {{{TURN}, every: 30s}}", [("E407", 1)]),
        (f"- repeat: {{{TURN}, every: 30s}}\n  timeout: 1h", []),
        (f"- repeat: {{{TURN}, every: 0.5s}}\n  timeout: 1h", [("W402", 1)]),
        ("- repeat: {steps: [{id: p, call: ping}], until: p, max_times: 3}", [("E304", 1)]),
        ("- repeat: {steps: [{id: p, call: ping}], until: q.done, max_times: 3}", [("E203", 1)]),
        (
            "- id: r\n"
            "  repeat: {steps: [{id: p, call: ping}], until: p.done, max_times: 3}\n"
            "- status: ${r}",
            [("E310", 3)],
        ),
        (
            "- id: r\n"
            "  repeat: {steps: [{id: p, call: ping}], until: p.done, max_times: 3}\n"
            "- status: ${p.done}",
            [("E214", 3)],
        ),
        (
            "- id: r\n"
            "  repeat: {steps: [{id: p, call: ping}], until: p.at is not None, max_times: 3, "
            "output: '${p.at}'}\n"
            "- status: ${upper(r)}",
            [],
        ),
        (
            "- id: r\n"
            "  repeat: {steps: [{id: p, call: ping}], until: p.done, max_times: 3, output: '${p.at}'}\n"
            "- status: ${upper(r)}",
            [("E303", 3)],
        ),
        (
            "- repeat:\n"
            "    steps: [{for_each: x, in: input.l, steps: [{status: '${x}'}]}]\n"
            "    until: true\n"
            "    max_times: 26\n"
            "    every: 1m",
            [("W403", 2)],
        ),
        (
            "- repeat:\n"
            "    steps: [{for_each: x, in: input.l, steps: [{status: '${x}'}]}]\n"
            "    until: true\n"
            "    max_times: 25",
            [],
        ),
        (
            "- id: f\n"
            "  for_each: x\n"
            "  in: input.l\n"
            "  steps: [{status: '${x}'}]\n"
            "- status: ${len(f.errors)}",
            [("E210", 5)],
        ),
        (
            "- id: f\n"
            "  for_each: x\n"
            "  in: input.l\n"
            "  tolerated_failures: 10%\n"
            "  steps: [{status: '${x}'}]\n"
            "- status: ${len(f.errors)}",
            [],
        ),
        (
            "- id: f\n"
            "  for_each: x\n"
            "  in: input.l\n"
            "  tolerated_failures: 1\n"
            "  steps: [{status: '${x}'}]\n"
            "- set: '${[e.error.code + e.item for e in f.errors if e.index > 0]}'",
            [],
        ),
        ("- for_each: x\n  in: input.l\n  batch_size: 5\n  steps: [{status: '${join(x, \",\")}'}]", []),
        ("- for_each: x\n  in: input.l\n  batch_size: 5\n  steps: [{status: '${upper(x)}'}]", [("E307", 4)]),
        # ---- branches
        ("- parallel: {a: {steps: [{status: x}]}, b: {steps: [{status: y}]}}\n  complete_when: 2", []),
        ("- parallel: {a: {steps: [{status: x}]}, b: {steps: [{status: y}]}}\n  complete_when: 3", [("E410", 2)]),
        (
            "- id: p\n"
            "  parallel: {a: {steps: [{id: i, call: ping}], output: '${i.done}'}, "
            "b: {steps: [{status: y}]}}\n"
            "- if: p.a\n"
            "  status: x",
            [],
        ),
        (
            "- id: p\n"
            "  parallel: {a: {steps: [{id: i, call: ping}], output: '${i.done}'}, "
            "b: {steps: [{status: y}]}}\n"
            "- if: p.b\n"
            "  status: x",
            [("E210", 3)],
        ),
        (
            "- id: p\n"
            "  parallel: {a: {steps: [{id: i, call: ping}], output: '${i.done}'}}\n"
            "  complete_when: any\n"
            "- if: p.a\n"
            "  status: x",
            [("E303", 4)],
        ),
        ("- parallel: {a: {steps: [{id: i, call: ping}]}}\n- if: i.done\n  status: x", [("E214", 2)]),
        ("- parallel: {a: {steps: [{id: i, call: ping}]}, b: {steps: [{status: '${i.done}'}]}}", [("E214", 1)]),
        ("- id: p\n  parallel: {a: {steps: [{status: x}]}}\n- status: ${p}", [("E310", 3)]),
        ("- parallel: {class: {steps: [{status: x}]}}", [("E202", 1)]),
    ],
)  # fmt: skip
def test_kinds(body: str, expected: list[tuple[str, int]]) -> None:
    assert found_in(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # ---- a return where others are at work
        ("- parallel: {a: {steps: [{return: }]}}", [("E403", 1)]),
        ("- repeat: {steps: [{if: input.n > 1, return: }], until: true, max_times: 2}", [("E403", 1)]),
        ("- timeout: 1h\n  steps: [{return: }]", [("E403", 2)]),
        ("- timeout: 1h\n  steps: [{status: x}]\n  catch: [{on: [TimedOut], steps: [{return: }]}]", []),
        ("- steps: [{return: }]\n  finally: [{status: x}]", [("E403", 1)]),
        ("- steps: [{status: x}]\n  catch: [{steps: [{return: }]}]\n  finally: [{status: x}]", [("E403", 2)]),
        ("- steps: [{status: x}]\n  finally: [{return: }]", [("E403", 2)]),
        ("- steps: [{status: x}]\n  catch: [{steps: [{return: }]}]", []),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 1d, on_rejected: {return: }}\n"
            "  finally: [{status: x}]",
            [("E403", 2)],
        ),
        (
            "- repeat: {steps: [{id: a, approval: {title: x, timeout: 1d, on_timeout: {return: }}}], "
            "until: true, max_times: 2}",
            [("E403", 1)],
        ),
        (
            "- repeat: {steps: [{wait_for: {event: e, timeout: 1d, on_timeout: {raise: TimedOut}}}], "
            "until: true, max_times: 2}",
            [],
        ),
        # ---- what is never reached
        ("- if: false\n  status: x", [("E402", 1)]),
        ("- switch: [{when: true, steps: [{status: x}]}, {when: input.n > 1, steps: [{status: x}]}]", [("E402", 1)]),
        ("- switch: [{when: true, steps: [{status: x}]}]\n  default: [{status: x}]", [("E402", 2)]),
        ("- switch: [{when: input.n > 1, steps: [{status: x}]}, {when: true, steps: [{status: x}]}]", []),
        ("- switch: [{when: false, steps: [{status: x}]}]", [("E402", 1)]),
        ("- steps: [{raise: TimedOut}]\n- status: x", [("E402", 2)]),
        ("- steps: [{raise: TimedOut}]\n  catch: [{steps: [{status: x}]}]\n- status: x", []),
        ("- steps: [{raise: TimedOut}]\n  catch: [{steps: [{raise: TimedOut}]}]\n- status: x", [("E402", 3)]),
        ("- steps: [{status: x}]\n  finally: [{raise: TimedOut}]\n- status: x", [("E402", 3)]),
        ("- call: ping\n  catch: [{steps: [{status: x}]}, {on: [Busy], steps: [{status: x}]}]", [("E402", 2)]),
        (
            "- call: ping\n"
            "  catch: [{on: [Busy], steps: [{status: x}]}, {on: [Busy], steps: [{status: x}]}]",
            [("E402", 2)],
        ),
        ("- call: ping\n  catch: [{on: [Busy], steps: [{status: x}]}, {steps: [{status: x}]}]", []),
        ("- parallel: {a: {steps: [{raise: TimedOut}, {status: x}]}}\n- status: x", [("E402", 1), ("E402", 2)]),
        # ---- what is caught
        (
            "- call: ping\n"
            "  catch: [{on: [Busy, ActivityFailed, InvalidResult, ExpressionFailed], steps: [{status: x}]}]",
            [],
        ),
        ("- call: ping\n  catch: [{on: [Bsy], steps: [{status: x}]}]", [("E212", 2)]),
        ("- call: undo\n  catch: [{on: [Busy], steps: [{status: x}]}]", [("W204", 2)]),
        ("- call: ping\n  catch: [{on: [TimedOut], steps: [{status: x}]}]", [("W204", 2)]),
        ("- call: ping\n  timeout: 1h\n  catch: [{on: [TimedOut], steps: [{status: x}]}]", []),
        (f"- repeat: {{{TURN}, max_times: 2}}\n  catch: [{{on: [RepeatExhausted, Busy], steps: [{{status: x}}]}}]", []),
        ("- wait_for: {event: e, timeout: 1d}\n  catch: [{on: [EventTimedOut], steps: [{status: x}]}]", []),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 1d}\n"
            "  catch: [{on: [ApprovalTimedOut, ApprovalRejected], steps: [{status: x}]}]",
            [],
        ),
        (
            "- id: a\n"
            "  approval: {title: x, timeout: 1d, outcomes: [Yes, No]}\n"
            "  catch: [{on: [ApprovalRejected], steps: [{status: x}]}]",
            [("W204", 3)],
        ),
        (
            "- steps:\n"
            "    - steps: [{call: ping}]\n"
            "      catch: [{on: [Busy], steps: [{status: x}]}]\n"
            "  catch: [{on: [Busy], steps: [{status: x}]}]",
            [("W204", 4)],
        ),
        (
            "- steps:\n"
            "    - steps: [{call: ping}]\n"
            "      catch: [{on: [Busy], steps: [{call: ping}]}]\n"
            "  catch: [{on: [Busy], steps: [{status: x}]}]",
            [],
        ),
        ("- steps: [{call: ping}]\n  retry: {max_attempts: 2, only_on: [Busy]}", []),
        ("- steps: [{call: ping}]\n  retry: {max_attempts: 2, only_on: [Bsy]}", [("E212", 2)]),
        ("- steps: [{call: ping}]\n  retry: {max_attempts: 2, initial_delay: 7d}", [("E406", 2)]),
        # ---- values of what was caught
        ("- id: p\n  call: ping\n  catch: [{steps: [{status: x}]}]\n- if: p.done\n  status: x", [("E303", 4)]),
        ("- id: p\n  call: ping\n  catch: [{steps: [{raise: TimedOut}]}]\n- if: p.done\n  status: x", []),
        ("- id: p\n  call: ping\n  catch: [{as: e, steps: [{status: '${p.done}'}]}]", [("E214", 3)]),
        (
            "- id: p\n"
            "  call: ping\n"
            "  catch: [{as: e, steps: [{status: '${e.message}'}]}]\n"
            "- status: ${e.message}",
            [("E203", 4)],
        ),
        ("- id: p\n  call: ping\n  catch: [{as: e, steps: [{status: '${e.step}'}]}]", [("E303", 3)]),
        ("- id: p\n  call: ping\n  catch: [{as: e, steps: [{status: '${upper(e.step)}'}]}]", [("E303", 3)]),
        (
            "- steps: [{id: p, call: ping}]\n"
            "  catch: [{steps: [{id: q, set: 7}]}]\n"
            "- status: ${coalesce(q, 1)} ${p is None}",
            [],
        ),
        ("- steps: [{id: p, call: ping}]\n  finally: [{status: '${p.done}'}]", [("E213", 2)]),
        ("- steps: [{status: x}]\n  finally: [{id: q, set: 7}]\n- status: ${q}", [("E214", 3)]),
        ("- id: x\n  for_each: i\n  in: input.l\n  steps: [{id: p, set: '${q}'}, {id: q, set: 1}]", [("E213", 4)]),
        # ---- names of what was caught
        ("- call: ping\n  catch: [{as: error, steps: [{status: '${error.code}'}]}]", []),
        ("- call: ping\n  catch: [{as: input, steps: [{status: x}]}]", [("E202", 2)]),
        ("- id: e\n  call: ping\n  catch: [{as: e, steps: [{status: x}]}]", [("E205", 3)]),
        (
            "- call: ping\n"
            "  catch: [{as: e, steps: [{call: undo, catch: [{as: e, steps: [{status: x}]}]}]}]",
            [("E205", 2)],
        ),
        ("- call: ping\n  catch: [{as: e, steps: [{id: e, set: 1}]}]", [("E205", 2)]),
        ("- call: ping\n  catch: [{as: e, steps: [{status: x}]}]\n- id: e\n  set: 1", [("E205", 3)]),
        # ---- undoing
        ("- id: p\n  call: ping\n  compensate: {call: undo}", []),
        ("- id: p\n  call: ping\n  compensate: {call: undo, with: {a: '${p.done}'}}", [("E311", 3)]),
        ("- id: p\n  call: ping\n  compensate: {call: undoo}", [("E207", 3)]),
        ("- call: ping\n  compensate: {call: undo}\n  timeout: 1h", []),
        ("- timeout: 1h\n  steps: [{call: ping, compensate: {call: undo}}]", [("E408", 2)]),
        ("- parallel: {a: {steps: [{call: ping, compensate: {call: undo}}]}}", []),
        ("- repeat: {steps: [{call: ping, compensate: {call: undo}}], until: true, every: 1m}\n  timeout: 1h", []),
        ("- parallel: {a: {steps: [{call: ping, compensate: {call: undo}}]}}\n  complete_when: any", [("E408", 1)]),
        ("- for_each: x\n  in: input.l\n  steps: [{call: ping, compensate: {call: undo}}]", []),
    ],
)  # fmt: skip
def test_ways(body: str, expected: list[tuple[str, int]]) -> None:
    assert found_in(body) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("timeout: 366d\nsteps: [{status: x}]", [("E405", 1)]),
        ("steps: [{status: x}]\non_failure: [{status: '${error.message}'}]\nfinally: [{status: '${run.id}'}]", []),
        ("steps: [{status: x}]\nfinally: [{status: '${error.message}'}]", [("E203", 2)]),
        ("steps: [{id: a, set: 1}]\non_failure: [{status: '${a}'}]", [("E214", 2)]),
        ("steps: [{status: '${a}'}]\non_failure: [{id: a, set: 1}]", [("E214", 1)]),
        ("steps: [{status: x}]\non_failure: [{return: }]", [("E403", 2)]),
        ("steps: [{status: x}]\nfinally: [{return: }]", [("E403", 2)]),
        ("steps: [{id: a, set: 1}]\nfinally: [{id: a, set: 1}]", [("E204", 2)]),
        (
            "activities: {p: {idempotent: true}}\n"
            "steps: [{status: x}]\n"
            "on_failure: [{call: p, compensate: {call: p}}]",
            [("E408", 3)],
        ),
        ("activities: {p: {}}\nsteps: [{call: p, compensate: {call: p}}]", [("W401", 2)]),
        ("activities: {p: {}}\nsteps: [{steps: [{call: p}], retry: {max_attempts: 2}}]", [("W401", 2)]),
        (
            "activities: {p: {}}\n"
            "steps: [{status: x}]\n"
            "on_failure: [{call: p, catch: [{as: error, steps: [{status: x}]}]}]",
            [("E205", 3)],
        ),
        ("config: {limit: integer}\nsteps: [{status: '${config.limit}'}]", []),
        ("steps: [{status: '${config.limit}'}]", [("E203", 1)]),
        ("config: {class: integer}\nsteps: [{status: x}]", [("E202", 1)]),
        ("input: {n: integer}\nschedule: 0 8 * * *\nsteps: [{status: x}]", [("E311", 2)]),
        ("input: {n: integer}\nschedule: {cron: 0 8 * * *, input: {n: x}}\nsteps: [{status: x}]", [("E301", 2)]),
        ("input: {n: integer}\nschedule: {cron: 0 8 * * *, input: {n: 1}}\nsteps: [{status: x}]", []),
        ("input: {d: date-time}\nschedule: {cron: 0 8 * * *, input: {d: '${now()}'}}\nsteps: [{status: x}]", []),
        (
            "input: {d: string}\n"
            "schedule: {cron: 0 8 * * *, input: {d: '${run.id}'}}\n"
            "steps: [{status: x}]",
            [("E203", 2)],
        ),
        ("input: {instanceID: string}\nsteps: [{status: x}]", [("E501", 1)]),
        ("input: {callbackUrl: string}\nsteps: [{status: x}]", [("E501", 1)]),
        ("input: {ConnectionId: string}\nsteps: [{status: x}]", [("W501", 1)]),
        ("output: {instanceId: {type: string, required: false}}\nsteps: [{status: x}]", []),
        ("errors: {Late: {days: integer}}\nsteps: [{raise: Late}]", [("E311", 2)]),
        ("errors: {Late: {days: integer}}\nsteps: [{raise: {error: Late, with: {days: x}}}]", [("E301", 2)]),
        ("errors: {Late: {days: integer}}\nsteps: [{raise: {error: Late, with: {days: 3}}}]", []),
        ("errors: {Late: {}}\nsteps: [{raise: {error: Late, with: {days: 3}}}]", [("E311", 2)]),
        ("errors: {Late: {class: integer}}\nsteps: [{raise: {error: Late, with: {class: 3}}}]", [("E202", 1)]),
        (
            "errors: {Late: {days: integer}}\nsteps:\n  - steps: [{raise: {error: Late, with: {days: 3}}}]\n"
            "    catch: [{on: [Late], as: e, steps: [{status: '${e.details.days + 1}'}]}]",
            [],
        ),
        (
            "errors: {Late: {days: integer}}\nsteps:\n  - steps: [{raise: {error: Late, with: {days: 3}}}]\n"
            "    catch: [{on: [Late, ExpressionFailed], as: e, steps: [{status: '${e.details.days}'}]}]",
            [("E210", 4)],
        ),
        (
            "errors: {Late: {days: integer}}\nactivities: {p: {errors: [Late]}}\nsteps:\n  - call: p\n"
            "    catch: [{on: [Late], as: e, steps: [{status: '${e.details.days}'}]}]",
            [("E303", 5)],
        ),
        ("input: {l: {type: 'string[]', minItems: 1, maxItems: 3}}\nsteps: [{status: x}]", []),
        ("steps: [{run: other}]", [("E215", 1)]),
        ("activities: {other: {}}\nsteps: [{run: other}, {call: other}]", [("E215", 2)]),
        ("steps: [{id: a, approval: {title: x, details: " + "y" * 7_500 + ", timeout: 1d}}]", [("W404", 1)]),
    ],
)  # fmt: skip
def test_workflows(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected
