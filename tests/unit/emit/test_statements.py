"""Statements of an orchestrator: each step under its place, with what it shows, in the words of the runtime."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbridge.compiler import compile_app
from flowbridge.emit.layout import flat
from flowbridge.emit.lines import duration
from flowbridge.emit.statements import retry_policy
from flowbridge.model.workflow import Retry


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "timedelta(seconds=0)"),
        (0.5, "timedelta(seconds=0.5)"),
        (90, "timedelta(minutes=1, seconds=30)"),
        (3_600, "timedelta(hours=1)"),
        (604_800, "timedelta(days=7)"),
        (93_784, "timedelta(days=1, hours=2, minutes=3, seconds=4)"),
    ],
)
def test_a_duration_is_written_in_its_largest_units(seconds: float, written: str) -> None:
    assert flat(duration(seconds)) == written


@given(st.integers(0, 31_536_000))
def test_a_duration_is_as_long_as_it_says(seconds: int) -> None:

    assert eval(flat(duration(seconds)), {"timedelta": timedelta}) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("retry", "written"),
    [
        (Retry(), "Retry()"),
        (Retry(max_attempts=5, initial_delay=30.0, backoff=2.0), "Retry(max_attempts=5, initial_delay=30, backoff=2)"),
        (Retry(max_attempts=2, jitter="full"), "Retry(max_attempts=2, jitter=True)"),
        (Retry(max_attempts=2, only_on=("A",)), 'Retry(max_attempts=2, only_on=("A",))'),
        (Retry(max_attempts=2, backoff=1.5, max_delay=0.5), "Retry(max_attempts=2, backoff=1.5, max_delay=0.5)"),
    ],
)
def test_a_policy_is_written_without_what_is_usual(retry: Retry, written: str) -> None:
    assert flat(retry_policy(retry)) == written


def steps(tmp_path: Path, yaml: str) -> str:
    """The body of the steps function of a workflow with these steps."""
    spec = tmp_path / "w.yaml"
    head = "workflow: w\nversion: 1\nerrors: [Stop]\ninput: {n: integer, who: 'string[]'}\nsteps:\n"
    spec.write_text(head + textwrap.indent(textwrap.dedent(yaml), "  "), encoding="utf-8")
    (code,) = [one.content.decode() for one in compile_app(spec).app if one.path.endswith("orchestrator.py")]
    body = code[code.index("Steps[None]:\n") + len("Steps[None]:\n") :]
    return "\n".join(
        line for line in textwrap.dedent(body).splitlines() if line and not line.startswith("yield from ()")
    )


def test_a_step_stands_under_its_place_and_shows_what_it_has_to_show(tmp_path: Path) -> None:
    place = f"{tmp_path.name}/w.yaml"
    text = steps(tmp_path, "- id: one\n  title: First\n  set: ${input.n + 1}\n- status: Now ${one}\n- status: bye\n")
    assert text.splitlines() == [
        f"# {place}:6 one: First",
        'run.step("one", title="First")',
        'one: int = input_["n"] + 1',
        f"# {place}:9",
        'run.status(f"Now {one}")',
        f"# {place}:10",
        'run.status("bye")',
    ]


def test_a_condition_is_a_branch_and_what_it_names_is_declared_before(tmp_path: Path) -> None:
    text = steps(tmp_path, "- id: x\n  if: input.n > 1\n  set: 5\n- status: ${coalesce(x, 0)}\n")
    assert "x: int | None = None" in text.splitlines()
    assert 'if input_["n"] > 1:' in text.splitlines()
    assert "    x = 5" in text.splitlines()


def test_a_switch_is_a_chain_of_branches(tmp_path: Path) -> None:
    yaml = """
    - switch:
        - {when: input.n == 1, steps: [{status: one}]}
        - {when: input.n == 2, steps: [{raise: Stop}]}
      default: [{status: other}]
    """
    lines = steps(tmp_path, yaml).splitlines()
    branches = [line for line in lines if line.startswith(("if", "elif", "else"))]
    assert branches == ['if input_["n"] == 1:', 'elif input_["n"] == 2:', "else:"]
    assert '    raise StepError("Stop", "", step="")' in lines


def test_a_block_that_shows_nothing_is_still_a_block(tmp_path: Path) -> None:
    text = steps(tmp_path, "- if: input.n > 1\n  steps:\n    - id: unread\n      set: 1\n- status: x\n")
    compile(textwrap.dedent(text), "w", "exec")
    assert "    pass" in text.splitlines()


def test_a_name_of_python_gets_an_underscore(tmp_path: Path) -> None:
    text = steps(tmp_path, "- id: list\n  set: 1\n- id: item\n  set: ${list + 1}\n- status: ${item}\n")
    assert "list_: int = 1" in text.splitlines()
    assert "item_: int = list_ + 1" in text.splitlines()
