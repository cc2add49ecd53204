"""Any text gives a workflow or findings, nothing else; hostile files give findings, and soon."""

from __future__ import annotations

import json
import string
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.model.structure import every_step
from flowbridge.model.workflow import Workflow
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.document import decode
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.show import render
from flowbridge.text.source import Source, Span

SPEC = Path(__file__).parents[2] / "spec"
FLAGSHIP = (SPEC / "data_processing.yaml").read_text(encoding="utf-8")
GOLDEN = Path(__file__).parents[1] / "golden"
WHOLE = [one.read_text(encoding="utf-8") for one in sorted(GOLDEN.glob("*/workflow.yaml"))]
HEAD = "workflow: example\nversion: 1\n"

bounded = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def compiled(content: bytes | str) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """What the front end makes of a file; every finding lies in its source and can be shown."""
    try:
        source = decode(content, "a.yaml") if isinstance(content, bytes) else Source("a.yaml", content)
    except CompileError as error:
        return None, shown(error.diagnostics)
    workflow, found = read_workflow(source)
    if workflow is not None:
        found = silence((*found, *check(workflow, None), *check_app([workflow], ActivitySources(""))), [workflow])
        for step in every_step(workflow.steps):
            inside(step.common.span)
    else:
        assert any(one.severity == "error" for one in found)
    return workflow, shown(found)


def inside(span: Span) -> None:
    assert 0 <= span.start <= span.end <= len(span.source.text)


def shown(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    for one in found:
        inside(one.span)
        assert one.message
        assert "\n" not in one.message
        for each in one.related:
            inside(each.span)
    assert render(found).count("help: flowbridge explain") == len(json.loads(render(found, "json")))
    render(found, "github")
    render(found, "sarif")
    return found


# ---- any text

words = st.sampled_from(
    [
        *(
            "workflow: a",
            "version: 1",
            "steps:",
            "  - ",
            "id: b",
            "call: c",
            "set: ",
            "${",
            "}",
            "${input.a}",
            "if: ",
            "- ",
        ),
        *(
            "input:",
            "  a: string",
            "{",
            "}",
            "[",
            "]",
            "'",
            '"',
            ": ",
            "\n",
            "\n  ",
            "\n    ",
            "&x ",
            "*x",
            "!!str ",
            "|\n",
        ),
        *(
            "for_each: d\n",
            "in: input.a\n",
            "steps: [{status: x}]",
            "#",
            "\t",
            "é",
            "😀",
            "\u2028",
            "\r\n",
            "%YAML 1.2\n",
        ),
        *(
            "types:\n  A: ",
            "A[]",
            "approval: {title: x, timeout: 1d}",
            "return: ",
            "raise: X",
            "true",
            "null",
            "1e5",
            "\x85",
        ),
        *(
            "parallel: {a: {steps: [{status: x}]}}\n    ",
            "repeat: {steps: [{status: x}], until: true, max_times: 2}\n    ",
            "wait_for: {event: e, timeout: 1d}\n    ",
            "wait: 1d\n    ",
            "run: a\n    ",
            "catch: [{as: e, steps: [{status: '${e.code}'}]}]\n    ",
            "finally: [{status: x}]\n    ",
            "compensate: {call: c}\n    ",
            "timeout: 1h\n    ",
            "retry: {max_attempts: 2}\n    ",
            "# flowbridge: ignore W401 -- x\n",
            "schedule: 0 8 * * *\n",
            "on_failure: [{status: '${error.code}'}]\n",
        ),
    ]
)


@bounded
@given(st.text())
def test_any_text(text: str) -> None:
    compiled(text)


@bounded
@given(st.binary())
def test_any_bytes(content: bytes) -> None:
    compiled(content)


@bounded
@given(st.lists(words, max_size=40).map("".join))
def test_any_pieces_of_a_workflow(text: str) -> None:
    compiled(text)
    compiled(HEAD + "steps:\n  - " + text)


@bounded
@given(st.data())
def test_a_workflow_with_damage(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([FLAGSHIP, *WHOLE]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    compiled(text[:start] + data.draw(words | st.text(max_size=5)) + text[end:])


OPERATORS = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "in", "is", "and", "or", "not"]
python = st.recursive(
    st.sampled_from(["a", "input.n", "input", "run.id", "1", "2.5", "'x'", "True", "None", "input.l", "x", "input.o"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(OPERATORS), inner),
        st.builds("not {}".format, inner),
        st.builds("-{}".format, inner),
        st.builds("{}.name".format, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("[{} for x in {} if {}]".format, inner, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds(
            "{}({})".format, st.sampled_from(["len", "sum", "first", "min", "str", "any", "coalesce", "Nope"]), inner
        ),
        st.builds("{}({}, {})".format, st.sampled_from(["join", "max", "coalesce", "contains", "round"]), inner, inner),
        st.builds("A(n={}, m={})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
    ),
    max_leaves=12,
)


@settings(bounded, max_examples=400)
@given(python | st.text(string.printable, max_size=30))
def test_any_expression(text: str) -> None:
    declared = "types: {A: {n: integer}}\ninput: {n: integer, l: 'string[]', o: {type: A, required: false}}\n"
    quoted = json.dumps("${" + text + "}")
    compiled(f"{HEAD}{declared}steps:\n  - id: a\n    set: {quoted}\n  - if: {json.dumps(text)}\n    status: x\n")


@bounded
@given(
    st.binary()
    | st.lists(st.sampled_from(["def ", "f", "(", "):", " ...", "\n", "async ", "é", "*a", "'", "\r"]))
    .map("".join)
    .map(str.encode)
)
def test_any_activity_file(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "jobs.py").write_bytes(content)
        sources = read_activities(Path(folder), "activities")
    for one in shown(sources.findings):
        assert one.rule == "E454"
    for functions in sources.functions.values():
        for function in functions:
            inside(function.span)


# ---- hostile files

S = HEAD + "steps:\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE: dict[str, Callable[[], bytes]] = {
    "ten megabytes": lambda: b"a" * 10_000_000,
    "a thousand nested lists": lambda: (S + "  - set: " + "[" * 1_000 + "]" * 1_000).encode(),
    "a million nested lists": lambda: b"[" * 1_900_000,
    "nested block lists": lambda: b"- " * 900_000,
    "alias bomb": BOMB.encode,
    "an alias of itself": lambda: b"a: &a {b: *a}",
    "duplicate keys": lambda: b"a: 1\n" * 300_000,
    "unknown keys": lambda: "".join(f"k{n}: 1\n" for n in range(20_000)).encode(),
    "NUL": lambda: b"workflow: a\x00b",
    "NUL as an escape": lambda: (S + '  - status: "a\\0b"').encode(),
    "Latin-1": lambda: "workflow: é".encode("latin-1"),
    "UTF-16": lambda: HEAD.encode("utf-16"),
    "Python objects": lambda: b"!!python/object/apply:os.system ['exit 1']",
    "many steps": lambda: (S + "  - status: x\n" * 140_000).encode(),
    "steps without a verb": lambda: (S + "".join(f"  - id: a{n}\n    sett: 1\n" for n in range(4_000))).encode(),
    "unknown names": lambda: (S + "".join(f"  - id: a{n}\n    set: ${{b{n}}}\n" for n in range(1_900))).encode(),
    "many catches": lambda: (
        HEAD + "activities: {p: {errors: [B]}}\nsteps:\n"
        + "  - {call: p, catch: [{on: [B], as: e, steps: [{status: '${e.code}'}]}]}\n" * 900
    ).encode(),
    "blocks in blocks": lambda: (
        S + "  - " + "steps: [{catch: [{on: [TimedOut], steps: [{status: x}]}], timeout: 1d, " * 10 + "wait: 1d"
        + "}]" * 10 + "\n"
    ).encode(),
    "branches in branches": lambda: (
        S + "  - " + "parallel: {a: {steps: [{" * 20 + "wait_for: {event: e, timeout: 1d}"
        + "}]}, b: {steps: [{wait_for: {event: e, timeout: 1d}}]}}" * 20 + "\n"
    ).encode(),
    "many workflows that ignore": lambda: (S + "  # flowbridge: ignore W401 -- x\n  - status: x\n" * 1_900).encode(),
    "many results": lambda: (S + "".join(f"  - id: a{n}\n    set: 1\n" for n in range(1_900))).encode(),
    "types that double": lambda: (
        HEAD + "types:\n" + "".join(f"  T{n}: {{a: T{n + 1}, b: T{n + 1}}}\n" for n in range(60))
        + "  T60: {a: string}\ninput: {t: T0}\nsteps: [{status: x}]\n"
    ).encode(),
    "a long chain of types": lambda: (
        HEAD + "types:\n" + "".join(f"  T{n}: {{a: T{n + 1}}}\n" for n in range(3_000)) + "  T3000: {a: string}\n"
        "steps: [{status: x}]\n"
    ).encode(),
    "results that grow": lambda: (
        S + "  - id: s0\n    set: {a: 1}\n"
        + "".join(f"  - id: s{n}\n    set: {{a: '${{s{n - 1}}}', b: '${{s{n - 1}}}'}}\n" for n in range(1, 60))
    ).encode(),
    "quotes that never close": lambda: (S + "  - set: '" + "${\\\"}" * 300_000 + "'\n").encode(),
    "expressions that never close": lambda: (S + "  - set: '" + "${" * 500_000 + "'\n").encode(),
    "an expression of a megabyte": lambda: (S + "  - set: ${" + "a" * 1_500_000 + "}\n").encode(),
    "nested parentheses": lambda: (S + "  - set: ${" + "(" * 1_900 + "1" + ")" * 1_900 + "}\n").encode(),
    "minus signs": lambda: (S + "  - set: ${" + "-" * 3_900 + "1}\n").encode(),
    "a number of a million digits": lambda: (S + "  - set: " + "9" * 1_000_000 + "\n").encode(),
    "a regular expression that never ends": lambda: (
        HEAD + "input: {a: {type: string, pattern: '(a+)+$', default: '" + "a" * 60 + "!'}}\nsteps: [{status: x}]\n"
    ).encode(),
}  # fmt: skip
HARMLESS = {
    *("many results", "a regular expression that never ends", "many catches", "blocks in blocks"),
    "many workflows that ignore",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_findings_and_soon(name: str) -> None:
    content = HOSTILE[name]()
    began = time.process_time()
    workflow, found = compiled(content)
    assert time.process_time() - began < 2.0
    if name in HARMLESS:
        assert workflow is not None
    else:
        assert any(one.severity == "error" for one in found)
    assert len(found) <= 400


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('exit 1')", "run.__class__", "().__class__.__base__", "eval('1')", "open('/etc/passwd')"],
)
def test_hostile_expressions_are_findings(text: str) -> None:
    _, found = compiled(f"{S}  - id: a\n    set: {json.dumps('${' + text + '}')}\n")
    assert {one.rule for one in found} <= {"E131", "E211"}
    assert found


def test_hostile_texts_are_texts() -> None:
    title = "\"{x}' \\N{BULLET} {{y}} %s $${z} ''' \"\"\""
    workflow, found = compiled(f"{HEAD}title: {json.dumps(title)}\nsteps: [{{status: x}}]\n")
    assert found == ()
    assert workflow is not None
    assert workflow.title == title


# ---- time


def test_time_grows_with_the_length_of_the_file() -> None:
    body = FLAGSHIP[FLAGSHIP.index("  - id: checked") : FLAGSHIP.index("  - id: approval")]
    head = FLAGSHIP[: FLAGSHIP.index("  - id: checked")]

    def seconds(copies: int) -> float:
        text = head
        for number in range(copies):
            piece = body
            for name in ("checked", "refused", "batches", "processed", "done", "report"):
                piece = piece.replace(f"id: {name}\n", f"id: {name}_{number}\n").replace(
                    f"{name}.", f"{name}_{number}."
                )
            piece = piece.replace("in: batches", f"in: batches_{number}").replace(
                "len(batches)", f"len(batches_{number})"
            )
            text += piece.replace("${done}", f"${{done_{number}}}")
        text += "  - return: {status: Finalized, recordsProcessed: 1, reportPath: x}\n"
        best = 9.9
        for _ in range(3):
            began = time.process_time()
            workflow, found = compiled(text)
            best = min(best, time.process_time() - began)
            assert workflow is not None, found
        return best

    small, large = seconds(10), seconds(100)
    assert large < 20 * small, (small, large)
