"""Warnings that are silenced in place, with a reason, by `# flowbridge: ignore W401 -- the reason`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Ignored, Workflow
from flowbridge.text.diagnostic import Diagnostic, Findings, in_order
from flowbridge.text.rules import RULES
from flowbridge.text.suggest import did_you_mean

_NEVER = ("W102", "W103")
"""What is said of the comments themselves cannot be silenced."""


def silence(
    found: Iterable[Diagnostic], workflows: Sequence[Workflow], activities: ActivitySources | None = None
) -> tuple[Diagnostic, ...]:
    """The findings without the silenced warnings, and with what is wrong about the comments that silence.

    To be called once with all findings of an app: a comment that silences nothing is a finding itself.
    """
    found = tuple(found)
    comments = [one for workflow in workflows for one in workflow.ignored]
    if activities is not None:
        comments += activities.ignored
    if not comments:
        return in_order(found)
    places: dict[tuple[str, int, str], Ignored] = {}
    for one in comments:
        if one.reason:
            places.update({(one.span.source.path, one.line, code): one for code in one.codes})
    used: set[tuple[int, str]] = set()
    left: list[Diagnostic] = []
    for finding in found:
        key = (finding.span.source.path, finding.span.line, finding.rule)
        comment = places.get(key) if finding.severity == "warning" and finding.rule not in _NEVER else None
        if comment is None:
            left.append(finding)
        else:
            used.add((id(comment), finding.rule))
    # With errors the later rules have not run, and nobody knows what they would have found.
    whole = not any(one.severity == "error" for one in found)
    wrong = (finding for one in comments for finding in _wrong(one, used, whole))
    left += islice(wrong, Findings.MOST)
    return in_order(left)


def _wrong(one: Ignored, used: set[tuple[int, str]], whole: bool) -> Iterator[Diagnostic]:
    right = "# flowbridge: ignore W401 -- the bank takes a payment only once"
    if not one.codes:
        yield Diagnostic("W103", one.span, "the comment names no warning", "which one?", f"write {right}")
        return
    if not one.reason:
        words = "a warning is silenced without a reason"
        yield Diagnostic("W103", one.span, words, "no reason", f"write {right}")
        return
    for code in one.codes:
        rule = RULES.get(code)
        if rule is None:
            hint = did_you_mean(code, RULES)
            yield Diagnostic("W103", one.span, f"there is no warning {code}", "unknown", hint)
        elif rule.severity == "error" or code in _NEVER:
            hint = "an error has to be mended" if rule.severity == "error" else "mend the comment that it is about"
            yield Diagnostic("W103", one.span, f"{code} cannot be silenced", "not possible", hint)
        elif whole and (id(one), code) not in used:
            words = f"nothing on line {one.line} is found by {code}"
            yield Diagnostic("W102", one.span, words, "silences nothing", "remove it")
