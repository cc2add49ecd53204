"""What people and machines see of a finding."""

from __future__ import annotations

import json

import pytest

from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings, Related, in_order
from flowbridge.text.rules import RULES
from flowbridge.text.show import render, summary, wants_color
from flowbridge.text.source import Source, Span

TEXT = "workflow: invoice\nversion: 1\nsteps:\n  - id: approve\n    after: aprove\n"
SOURCE = Source("spec/invoice.yaml", TEXT)
START = TEXT.index("aprove\n")
FINDING = Diagnostic(
    "E203",
    Span(SOURCE, START, START + 6),
    'step "aprove" is not defined',
    "no step has this id",
    'did you mean "approve" (line 4)?',
)


def test_text_shows_the_line_a_caret_and_the_cure() -> None:
    assert render([FINDING]) == (
        'error[E203]: step "aprove" is not defined\n'
        " --> spec/invoice.yaml:5:12\n"
        "5 |     after: aprove\n"
        "  |            ^^^^^^ no step has this id\n"
        '  = hint: did you mean "approve" (line 4)?   help: flowbridge explain E203\n'
    )


def test_the_gutter_is_as_wide_as_the_widest_line_number() -> None:
    source = Source("a.yaml", "first\n" * 11 + "last")
    finding = Diagnostic("W201", Span(source, 66, 70), "m", "l", related=(Related(Span(source, 0, 5), "r"),))
    assert render([finding]).splitlines() == [
        "warning[W201]: m",
        "  --> a.yaml:12:1",
        "12 | last",
        "   | ^^^^ l",
        "  ::: a.yaml:1:1",
        " 1 | first",
        "   | ----- r",
        "   = help: flowbridge explain W201",
    ]


def test_the_caret_stands_below_wide_characters_and_tabs() -> None:
    source = Source("a.yaml", "名\t前: e\u0301x")
    at = source.text.index("x")
    lines = render([Diagnostic("E203", Span(source, at, at + 1), "m")]).splitlines()
    assert lines[2] == "1 | 名 前: e\u0301x"
    assert lines[3] == "  | " + " " * 8 + "^"


def test_what_steers_a_terminal_is_not_passed_on() -> None:
    source = Source("a\x1b[2J.yaml", "key: \x1b[31mred\u202e")
    shown = render([Diagnostic("E203", Span(source, 0, 3), "bell \x07", "\x9b", "\u2028")])
    assert not {"\x1b", "\u202e", "\x07", "\x9b", "\u2028"} & set(shown)


def test_a_long_line_is_cut_around_the_caret() -> None:
    source = Source("a.yaml", "x" * 5_000 + "HERE" + "y" * 5_000)
    shown = render([Diagnostic("E203", Span(source, 5_000, 5_004), "m")]).splitlines()
    assert len(shown[2]) < 200
    assert "HERE" in shown[2]
    assert shown[2].index("HERE") == shown[3].index("^^^^")


def test_a_span_over_lines_is_shown_at_its_first_line() -> None:
    source = Source("a.yaml", "one\ntwo\n")
    assert render([Diagnostic("E203", Span(source, 1, 7), "m")]).splitlines()[2:4] == ["1 | one", "  |  ^^"]


def test_color_is_added_and_nothing_else() -> None:
    colored = render([FINDING], color=True)
    assert "\x1b[" in colored
    plain = colored
    for code in ("1;31", "1;33", "1;34", "1", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == render([FINDING])


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_color_is_a_matter_of_environment_and_terminal(
    environment: dict[str, str], terminal: bool, expected: bool
) -> None:
    assert wants_color(environment, terminal) is expected


def test_json_has_everything() -> None:
    related = Diagnostic("W201", Span(SOURCE, 0, 8), "m", related=(Related(Span(SOURCE, 10, 17), "r"),))
    found = json.loads(render([FINDING, related], "json"))
    assert [one["code"] for one in found] == ["W201", "E203"]
    assert found[1] == {
        "code": "E203",
        "slug": "unknown-name",
        "severity": "error",
        "message": 'step "aprove" is not defined',
        "label": "no step has this id",
        "hint": 'did you mean "approve" (line 4)?',
        "file": "spec/invoice.yaml",
        "line": 5,
        "column": 12,
        "endLine": 5,
        "endColumn": 18,
        "related": [],
    }
    assert found[0]["related"][0] | {"message": "r", "line": 1, "column": 11} == found[0]["related"][0]
    assert json.loads(render([], "json")) == []


def test_github_annotations_escape_what_would_end_them() -> None:
    source = Source("a,b:c.yaml", "x")
    finding = Diagnostic("W201", Span(source, 0, 1), "50% of\nit::error")
    assert render([finding], "github") == (
        "::warning file=a%2Cb%3Ac.yaml,line=1,endLine=1,col=1,endColumn=2,"
        "title=W201 An error that is declared and never raised::50%25 of%0Ait::error\n"
    )


def test_findings_are_told_once_and_in_the_order_of_the_file() -> None:
    early, late = (Diagnostic("E203", Span(SOURCE, at, at + 1), "m") for at in (3, 9))
    assert in_order([late, early, late]) == (early, late)
    assert CompileError([late, early]).diagnostics == (early, late)
    assert render([late, early]) == render([early, late, late])


def test_a_summary_counts() -> None:
    warning = Diagnostic("W201", Span(SOURCE, 0, 1), "m")
    assert summary([FINDING, warning]) == "1 error, 1 warning"
    assert summary([FINDING, Diagnostic("E203", Span(SOURCE, 1, 2), "m")]) == "2 errors"
    assert summary([]) == ""


def test_a_diagnostic_has_a_rule_of_the_table() -> None:
    assert FINDING.entry is RULES["E203"]
    with pytest.raises(KeyError, match="E999"):
        Diagnostic("E999", Span(SOURCE, 0, 1), "m")


def test_codes_and_slugs_are_unique() -> None:
    assert len({rule.slug for rule in RULES.values()}) == len(RULES)
    assert all(code == rule.code for code, rule in RULES.items())
    assert {rule.severity for rule in RULES.values()} == {"error", "warning"}


def test_findings_end_at_a_bound() -> None:
    findings = Findings()
    for _ in range(Findings.MOST):
        findings.report(FINDING)
    with pytest.raises(EnoughError):
        findings.report(FINDING)
    assert len(findings.all) == Findings.MOST
