"""Findings as SARIF 2.1.0, which code-scanning services read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote

from flowbridge.text.diagnostic import Diagnostic, in_order
from flowbridge.text.rules import RULES, Rule
from flowbridge.text.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_Json = dict[str, object]


def sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """One run with all findings in their stable order, and the rules that found them; ends with a newline."""
    ordered = in_order(diagnostics)
    rules = [rule for rule in RULES.values() if any(one.rule == rule.code for one in ordered)]
    places = {rule.code: index for index, rule in enumerate(rules)}
    driver: _Json = {"name": "flowbridge", "rules": [_rule(one) for one in rules]}
    run: _Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one.rule]) for one in ordered],
    }
    log: _Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> _Json:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.title},
        "help": {"text": f"flowbridge explain {rule.code}"},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(one: Diagnostic, index: int) -> _Json:
    # A message is a sentence; what stands at the caret and the cure are sentences of their own.
    parts = [one.message, *((one.label,) if one.label else ()), *((one.hint,) if one.hint else ())]
    result: _Json = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": ". ".join(parts)},
        "locations": [{"physicalLocation": _place(one.span)}],
    }
    if one.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": each.message}, "physicalLocation": _place(each.span)}
            for number, each in enumerate(one.related, 1)
        ]
    return result


def _place(span: Span) -> _Json:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(max(span.end, span.start))
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": {"uri": _uri(span.source.path)}, "region": region}


def _uri(path: str) -> str:
    """A path as a reference: relative as it was given, absolute as a file."""
    given = quote(path.replace("\\", "/"), safe="/._-~!$&'()*+,;=@", errors="replace")
    return f"file://{given}" if given.startswith("/") else given
