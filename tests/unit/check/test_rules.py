"""The families of rules: what is found where, and what is left alone."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.text.source import Source


def found(text: str, activities: Path | None = None) -> list[tuple[str, int]]:
    """The rules that a workflow breaks, each with its line below `version`."""
    workflow, findings = read_workflow(
        Source("a.yaml", "workflow: example\nversion: 1\n" + textwrap.dedent(text).strip("\n"))
    )
    assert workflow is not None, findings
    sources = read_activities(activities, "activities") if activities is not None else None
    return [
        (one.rule, one.span.line - 2 if one.span.source.path == "a.yaml" else 0) for one in check(workflow, sources)
    ]


LOOPS = "input: {l: 'string[]'}\nsteps:\n"


# ---- names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps:\n  - id: input\n    set: 1", [("E202", 2)]),
        ("steps:\n  - id: class\n    set: 1", [("E202", 2)]),
        ("steps:\n  - id: len\n    set: 1", [("E202", 2)]),
        (LOOPS + "  - for_each: run\n    in: input.l\n    steps: [{status: x}]", [("E202", 3)]),
        ("input: {from: string}\nsteps: [{status: x}]", [("E202", 1)]),
        ("types: {A: {b: {import: string}}}\nsteps: [{status: x}]", [("E202", 1)]),
        ("activities: {example: {}}\nsteps: [{call: example}]", [("E204", 1)]),
        ("errors: [A, A]\nsteps: [{raise: A}]", [("E204", 1)]),
        ("errors: [AbC, ABC]\nsteps: [{if: run.id == 'x', raise: AbC}, {raise: ABC}]", [("E206", 1)]),
        ("types: {Ab: {a: string}, AB: {a: string}}\nsteps: [{status: x}]", [("E206", 1)]),
        (LOOPS + "  - for_each: x\n    in: input.l\n    steps:\n      - id: x\n        set: 1", [("E205", 6)]),
        (LOOPS + "  - id: x\n    for_each: x\n    in: input.l\n    steps: [{status: x}]", [("E205", 4)]),
        (
            LOOPS + "  - for_each: x\n    in: input.l\n    steps: [{status: '${x}'}]\n"
            "  - id: x\n    set: 1",
            [("E205", 6)],
        ),
        (
            LOOPS + "  - for_each: x\n    in: input.l\n    steps: [{status: '${x}'}]\n"
            "  - for_each: x\n    in: input.l\n    steps: [{status: '${x}'}]",
            [],
        ),
        (LOOPS + "  - for_each: item\n    in: input.l\n    steps: [{status: '${item}'}]", []),
    ],
)  # fmt: skip
def test_names(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


# ---- durable rules

APPROVAL = "{id: a, approval: {title: x, timeout: 1d}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps: [{return: }, {status: x}, {status: y}]", [("E402", 1)]),
        ("steps:\n  - steps:\n      - return:\n  - status: x", [("E402", 4)]),
        ("steps:\n  - switch: [{when: run.id == 'x', steps: [{return: }]}]\n  - status: x", []),
        (
            "steps:\n  - switch: [{when: run.id == 'x', steps: [{return: }]}]\n    default: [{return: }]\n"
            "  - status: x",
            [("E402", 4)],
        ),
        ("steps:\n  - if: run.id == 'x'\n    steps:\n      - return:\n      - status: y\n  - status: x", [("E402", 5)]),
        ("input: {l: 'string[]'}\nsteps: [{for_each: x, in: input.l, steps: [{return: }]}]", [("E403", 2)]),
        (
            "input: {l: 'string[]'}\nerrors: [Bad]\n"
            "steps: [{for_each: x, in: input.l, steps: [{if: x == '', raise: Bad}]}]",
            [],
        ),
        (LOOPS + f"  - {{for_each: x, in: input.l, steps: [{{steps: [{APPROVAL}]}}]}}", [("E401", 3)]),
        (
            LOOPS + "  - for_each: x\n    in: input.l\n    steps:\n"
            "      - for_each: y\n        in: input.l\n        steps: [{status: '${x}${y}'}]",
            [],
        ),
        ("output: {a: string}\nsteps: [{status: x}]", [("E404", 2)]),
        ("output: {a: {type: string, required: false}}\nsteps: [{status: x}]", []),
        ("output: {a: string}\nsteps: [{steps: [{return: {a: x}}]}]", []),
        ("output: {a: string}\nerrors: [Bad]\nsteps: [{raise: Bad}]", []),
        ("output: {a: string}\nsteps: [{return: }]", [("E312", 2)]),
        ("steps: [{id: a, approval: {title: x, timeout: 366d}}]", [("E405", 1)]),
        ("steps: [{id: a, approval: {title: x, timeout: 365d}}]", []),
        ("steps: [{id: a, approval: {title: x, timeout: 0s}}]", [("E405", 1)]),
    ],
)  # fmt: skip
def test_durable_rules(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        ("{max_attempts: 3}", []),
        ("{max_attempts: 3, initial_delay: 6d}", []),
        ("{max_attempts: 3, initial_delay: 6d1s}", [("E406", 2)]),
        ("{max_attempts: 3, max_delay: 7d}", [("E406", 2)]),
        ("{max_attempts: 3, initial_delay: 1m, max_delay: 30s}", [("E406", 2)]),
        ("{max_attempts: 3, max_duration: 366d}", [("E406", 2)]),
        ("{max_attempts: 3, max_duration: 0s}", [("E406", 2)]),
        ("{max_attempts: 20, initial_delay: 1s, backoff: 2}", []),
        ("{max_attempts: 30, initial_delay: 1s, backoff: 2}", [("E406", 2)]),
        ("{max_attempts: 30, initial_delay: 1s, backoff: 2, max_delay: 1h}", []),
        ("{max_attempts: 1, initial_delay: 90d}", []),
    ],
)
def test_retry_bounds(retry: str, expected: list[tuple[str, int]]) -> None:
    text = f"activities: {{ping: {{idempotent: true}}}}\nsteps: [{{call: ping, retry: {retry}}}]"
    assert found(text) == expected


def test_errors() -> None:
    base = "activities: {{ping: {{errors: [Busy], idempotent: true}}}}\nerrors: [{errors}]\n"
    base += "steps:\n  - call: ping\n    retry: {retry}\n  - raise: {name}"
    good = {"errors": "Bad", "retry": "{max_attempts: 2, only_on: [Busy]}", "name": "Bad"}
    assert found(base.format(**good)) == []
    assert found(base.format(**{**good, "errors": "Bad, Busy"})) == []
    assert found(base.format(**{**good, "errors": "Bad, Other"})) == [("W201", 2)]
    assert found(base.format(**{**good, "errors": "Bad, ApprovalTimedOut"})) == [("E202", 2)]
    assert found(base.format(**{**good, "name": "Worse"})) == [("W201", 2), ("E212", 6)]
    assert found(base.format(**{**good, "name": "ApprovalTimedOut"})) == [("W201", 2)]
    assert found(base.format(**{**good, "retry": "{max_attempts: 2, never_on: [Bsy]}"})) == [("E212", 5)]


def test_a_retried_activity_is_idempotent_or_warned_of() -> None:
    text = "activities: {{ping: {contract}}}\nretries: {{default: {{max_attempts: {n}}}}}\nsteps: [{{call: ping}}]"
    assert found(text.format(contract="{}", n=2)) == [("W401", 3)]
    assert found(text.format(contract="{}", n=1)) == []
    assert found(text.format(contract="{idempotent: true}", n=2)) == []


# ---- contracts

CONTRACT = """
activities:
  pay: {input: {amount: number, note: {type: string, required: false}}, output: {ok: boolean}}
  ping: {}
  total: {input: 'number[]', output: number}
steps:
  - call: pay
    with: {amount: 1}
  - call: ping
  - call: total
    with: [1, 2]
"""
PING = "def ping() -> None: ...\n"
PAY = "def pay(amount: float, note: str | None) -> dict[str, bool]: ...\n"
TOTAL = "def total(numbers: list[float]) -> float: ...\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (PING + PAY + TOTAL, []),
        (PING + "async " + PAY + TOTAL, []),
        (PING + TOTAL, [("E451", 2)]),
        (PING + PAY + "total = sum\n", [("E451", 4)]),
        (PING + PAY + "def total(a, b=1): ...\n", []),
        (PING + PAY + "def total(a, b): ...\n", [("E453", 0)]),
        (PING + PAY + "def total(): ...\n", [("E453", 0)]),
        ("def ping(more): ...\n" + PAY + TOTAL, [("E453", 0)]),
        ("def ping(more=1): ...\n" + PAY + TOTAL, []),
        (PING + TOTAL + "def pay(amount): ...\n", [("E453", 0)]),
        (PING + TOTAL + "def pay(amount, *, note=None): ...\n", []),
        (PING + TOTAL + "def pay(amount, note, /): ...\n", [("E453", 0)]),
        (PING + TOTAL + "def pay(**kwargs): ...\n", [("E453", 0)]),
        (PING + TOTAL + "def pay(amount, notes): ...\n", [("E453", 0)]),
        (PING + TOTAL + PAY + PAY, [("E452", 2)]),
        ("def broken(:\n", [("E454", 0)]),
    ],
)
def test_contracts(code: str, expected: list[tuple[str, int]], tmp_path: Path) -> None:
    (tmp_path / "jobs.py").write_text(code, encoding="utf-8")
    assert sorted(set(found(CONTRACT, tmp_path))) == sorted(expected)
