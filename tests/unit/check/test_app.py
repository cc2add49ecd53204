"""The workflows of one app together: names, contracts, sub-workflows across files, circles, stubs."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.model.activities import ActivitySources
from flowbridge.model.analysis import analyse
from flowbridge.model.types import Field, IntegerType, ObjectType
from flowbridge.model.workflow import Workflow
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.app import read_app
from flowbridge.text.source import Source

Found = list[tuple[str, str, int]]


def workflows(*texts: str) -> list[Workflow]:
    """Workflows called a, b, c …, each from what follows its head."""
    read: list[Workflow] = []
    for name, text in zip("abcdef", texts, strict=False):
        whole = text if text.startswith("workflow:") else f"workflow: {name}\nversion: 1\n{text}"
        workflow, found = read_workflow(Source(f"{name}.yaml", whole))
        assert workflow is not None, found
        read.append(workflow)
    return read


def found(*texts: str) -> Found:
    """The rules that the workflows break as an app, each with its file and its line below `version`."""
    read = workflows(*texts)
    others = {one.name: one for one in read}
    findings = [finding for one in read for finding in check(one, None, others)]
    findings += check_app(read, ActivitySources("activities"))
    return [(one.rule, one.span.source.path, one.span.line - 2) for one in findings]


SHIP = "input: {order: string}\noutput: {parcel: integer}\nsteps: [{return: {parcel: 7}}]"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("steps: [{id: s, run: b, with: {order: x}}, {status: '${s.parcel + 1}'}]", []),
        ("steps: [{id: s, run: b, with: {order: x}}, {status: '${s.parcels}'}]", [("E210", "a.yaml", 1)]),
        ("steps: [{id: s, run: b, with: {order: 7}}]", [("E301", "a.yaml", 1)]),
        ("steps: [{id: s, run: b}]", [("E311", "a.yaml", 1)]),
        ("steps: [{id: s, run: bb, with: {order: x}}]", [("E215", "a.yaml", 1)]),
        ("activities: {b: {}}\nsteps: [{run: b, with: {order: x}}, {call: b}]", [("E204", "a.yaml", 1)]),
        ("steps: [{call: b}]", [("E207", "a.yaml", 1)]),
        ("errors: [Lost]\nsteps: [{run: b, with: {order: x}, catch: [{on: [Lost], steps: [{raise: Lost}]}]}]",
         [("W204", "a.yaml", 2)]),
        ("steps: [{run: b, with: {order: x}, catch: [{on: [WorkflowTimedOut], steps: [{status: x}]}]}]", []),
    ],
)  # fmt: skip
def test_a_workflow_that_is_run_is_typed_across_files(first: str, expected: Found) -> None:
    assert found(first, SHIP) == expected


def test_the_errors_of_a_workflow_that_is_run_can_be_caught_and_declared() -> None:
    other = "errors: [Lost]\nactivities: {p: {errors: [Busy]}}\nsteps: [{call: p}, {raise: Lost}]"
    catching = "steps: [{run: b, catch: [{on: [Lost, Busy], steps: [{status: x}]}]}]"
    assert found(catching, other) == []
    assert found("errors: [Lost]\nsteps: [{run: b}]", other) == []
    assert found("errors: [Gone]\nsteps: [{run: b}]", other) == [("W201", "a.yaml", 1)]


def test_what_a_run_gives_is_the_other_ones_output() -> None:
    first, second = workflows("steps: [{id: s, run: b, with: {order: x}}, {run: a, id: t, if: false}]", SHIP)
    analysis = analyse(first, others={"b": second})
    assert analysis.result(first.steps[0]) == ObjectType((Field("parcel", IntegerType()),))
    assert analysis.result(first.steps[1]) is None


def test_names_are_unique_in_an_app() -> None:
    one = "workflow: a\nversion: 1\nsteps: [{status: x}]"
    assert found(one, one.replace("version: 1", "version: 2")) == [("E216", "b.yaml", -1)]
    assert found(one, "steps: [{status: x}]") == []


PAY = """
activities: {{pay: {{input: {0}, output: {1}, errors: [{2}], idempotent: {3}}}}}
steps: [{{call: pay, with: {4}}}]
"""


@pytest.mark.parametrize(
    ("other", "rules"),
    [
        (("{n: integer}", "string", "A, B", "true", "{n: 1}"), []),
        (("{n: integer}", "string", "B, A", "false", "{n: 1}"), []),
        (("{n: number}", "string", "A, B", "true", "{n: 1}"), ["E217"]),
        (("{n: {type: integer, required: false}}", "string", "A, B", "true", "{n: 1}"), ["E217"]),
        (("{n: integer}", "integer", "A, B", "true", "{n: 1}"), ["E217"]),
        (("{n: integer}", "string", "A", "true", "{n: 1}"), ["E217"]),
    ],
)
def test_an_activity_has_one_contract(other: tuple[str, ...], rules: list[str]) -> None:
    first = PAY.format("{n: integer}", "string", "A, B", "true", "{n: 1}")
    assert [rule for rule, _, _ in found(first, PAY.format(*other))] == rules


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["steps: [{run: a}]"], [("E409", "a.yaml", 1)]),
        (["steps: [{run: b}]", "steps: [{run: a}]"], [("E409", "b.yaml", 1)]),
        (["steps: [{run: b}]", "steps: [{run: c}]", "steps: [{steps: [{run: a}]}]"], [("E409", "c.yaml", 1)]),
        (["steps: [{run: b}, {run: c}]", "steps: [{run: c}]", "steps: [{status: x}]"], []),
        (["steps: [{status: x}]\nfinally: [{run: a}]"], [("E409", "a.yaml", 2)]),
        (["steps: [{parallel: {x: {steps: [{run: a}]}}}]"], [("E409", "a.yaml", 1)]),
        (["steps: [{repeat: {steps: [{run: a}], until: true, max_times: 2}}]"], [("E409", "a.yaml", 1)]),
        (["input: {n: integer}\nsteps: [{if: input.n > 0, run: a, with: {n: '${input.n - 1}'}}]"], []),
        (["input: {n: integer}\nsteps: [{if: input.n < 1, return: }, {run: a, with: {n: '${input.n - 1}'}}]"], []),
        (["input: {l: 'string[]'}\nsteps: [{for_each: x, in: input.l, steps: [{run: a, with: {l: []}}]}]"], []),
        (["input: {n: integer}\nsteps: [{switch: [{when: input.n > 1, steps: [{run: a, with: {n: 1}}]}]}]"], []),
        (["steps: [{id: w, approval: {title: x, timeout: 1d}}, {run: a}]"], []),
        (["steps: [{run: b, catch: [{steps: [{run: a}]}]}]", "steps: [{status: x}]"], []),
        (["steps: [{run: b}]", "input: {n: {type: integer, default: 1}}\nsteps: [{if: input.n > 1, run: a}]"], []),
    ],
)
def test_circles_without_a_way_out(texts: list[str], expected: Found) -> None:
    assert found(*texts) == expected


def test_a_large_app_is_looked_at_in_time() -> None:
    many = 60
    texts: list[str] = []
    for number in range(many):
        runs = ", ".join(f"{{run: w{other}}}" for other in range(number + 1, many))
        texts.append(f"workflow: w{number}\nversion: 1\nsteps: [{runs or '{status: x}'}]")
    read = [workflow for text in texts if (workflow := read_workflow(Source("w.yaml", text))[0]) is not None]
    assert len(read) == many
    assert check_app(read, ActivitySources("activities")) == ()


def test_a_stub_is_a_warning_and_in_a_release_an_error(tmp_path: Path) -> None:
    (tmp_path / "jobs.py").write_text(
        "def ping():\n    '''Pings.'''\n    raise NotImplementedError('later')\n\n\n"
        "async def pong():\n    raise NotImplementedError\n\n\n"
        "def done(text: str) -> str:\n    if text:\n        return text\n    raise NotImplementedError\n",
        encoding="utf-8",
    )
    calls = "activities: {ping: {}, pong: {}, done: {input: {text: string}, output: string}}\n"
    calls += "steps: [{call: ping}, {call: pong}, {call: done, with: {text: x}}]"
    read = workflows(calls, calls)
    sources = read_activities(tmp_path, "activities")
    for release, rule in ((False, "W451"), (True, "E456")):
        findings = check_app(read, sources, release=release)
        assert [(one.rule, one.span.line) for one in findings] == [(rule, 1), (rule, 6)]


A, AA, B, C = (f"workflow: {name}\nversion: 1\nsteps: [{{status: x}}]" for name in ("a", "a_v2", "b", "c"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("deprecated: {a: a_v2}", []),
        ("deprecated: {a: a_v2, a_v2: b, b: c}", []),
        ("deprecated: {a: b, c: a_v2}", []),
        ("removed: {old: a}", []),
        ("removed: {oldest: old, old: a}\ndeprecated: {a: a_v2}", []),
        ("deprecated: {a: gone, b: c}\nremoved: {gone: a_v2}", []),
        ("deprecated: {z: a}", [("E215", 2, 14)]),
        ("deprecated: {a: z}", [("E215", 2, 17)]),
        ("deprecated: {y: z}", [("E215", 2, 14), ("E215", 2, 17)]),
        ("removed: {old: z}", [("E215", 2, 16)]),
        ("removed: {a: a_v2}", [("E504", 2, 11)]),
        ("deprecated: {a: a_v2}\nremoved: {a: a_v2}", [("E504", 3, 11), ("E504", 3, 11)]),
        ("deprecated: {a: a}", [("E504", 2, 17)]),
        ("deprecated: {a: b, b: a}", [("E504", 2, 17)]),
        ("deprecated: {a: b, b: c, c: a}", [("E504", 2, 17)]),
        ("deprecated: {a: b, b: a, c: a_v2, a_v2: c}", [("E504", 2, 17), ("E504", 2, 29)]),
        ("deprecated: {a: c, b: c}", [("E504", 2, 23)]),
        ("deprecated: {c: a, a: b, b: a}", [("E504", 2, 23), ("E504", 2, 29)]),
    ],
)
def test_what_replaces_what(lines: str, expected: list[tuple[str, int, int]]) -> None:
    settings, wrong = read_app(Source("app.yaml", f"app: x\n{lines}\n"))
    assert wrong == ()
    told = check_app(workflows(A, AA, B, C), ActivitySources("activities"), settings)
    assert [(one.rule, one.span.line, one.span.column) for one in told] == expected


def test_a_name_that_is_not_there_is_told_with_what_may_be_meant() -> None:
    settings, _ = read_app(Source("app.yaml", "app: x\ndeprecated: {order: ordr_v2}\n"))
    order, newer = (f"workflow: {name}\nversion: 1\nsteps: [{{status: x}}]" for name in ("order", "order_v2"))
    (found_,) = check_app(workflows(order, newer), ActivitySources("activities"), settings)
    assert found_.hint == 'did you mean "order_v2"?'
    (gone,) = check_app(
        workflows(newer),
        ActivitySources("activities"),
        read_app(Source("app.yaml", "app: x\ndeprecated: {wholly_else: order_v2}\n"))[0],
    )
    assert gone.hint is not None
    assert '"removed"' in gone.hint
