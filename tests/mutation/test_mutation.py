"""Faults that people make are found at compile time, where they are, by the rule that is meant.

Clean files have no finding at all.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.mutation import bounds, declarations, values, ways, words
from tests.mutation.drift import DRIFTS
from tests.mutation.fault import Fault, Operator
from tests.mutation.subject import SHOWN, Subject, subjects

from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.show import render

SUBJECTS = subjects()
OPERATORS: dict[str, Operator] = {
    **words.OPERATORS,
    **values.OPERATORS,
    **bounds.OPERATORS,
    **ways.OPERATORS,
    **declarations.OPERATORS,
}
MOST = 3
"""Faults of one kind in one file; which ones is chosen by chance, with the file and the kind as its seed."""
SEED = 20_260_131


def chosen(subject: Subject, name: str) -> list[Fault]:
    """The faults of one kind that are seeded into a file."""
    operator: Operator = OPERATORS[name]
    faults = list(operator(subject))
    # The file's folder is part of the seed: many files are called workflow.yaml.
    chance = random.Random(f"{SEED} {name} {subject.path.parent.name}/{subject.path.name}")
    return faults if len(faults) <= MOST else chance.sample(faults, MOST)


def found_at(found: tuple[Diagnostic, ...], rule: str, place: tuple[int, int], file: str) -> bool:
    return any(
        one.rule == rule and (one.span.line, one.span.column) == place and one.span.source.path == file for one in found
    )


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: f"{one.path.parent.name}/{one.path.stem}")
def test_a_clean_workflow_has_no_finding(subject: Subject) -> None:
    found = subject.findings(subject.text)
    assert found == (), render(found)


@pytest.mark.parametrize("name", OPERATORS)
def test_every_fault_is_found_where_it_is(name: str) -> None:
    seeded = [(subject, fault) for subject in SUBJECTS for fault in chosen(subject, name)]
    assert seeded, "no file has a place for this fault"
    missed: list[str] = []
    for subject, fault in seeded:
        found = subject.findings(fault.text)
        if not found_at(found, fault.rule, fault.place, SHOWN):
            line = fault.text.splitlines()[fault.place[0] - 1]
            missed.append(f"{subject.path}: {fault.rule} at {fault.place}: {line}\n{render(found)}")
    assert not missed, f"{len(missed)} of {len(seeded)} were missed\n" + "\n".join(missed[:5])


@pytest.mark.parametrize("name", DRIFTS)
def test_every_drift_of_a_contract_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    seeded = 0
    for number, subject in enumerate(SUBJECTS):
        for drift in DRIFTS[name](subject)[:MOST]:
            folder = tmp_path / f"{number}-{seeded}"
            found = subject.findings(subject.text, drift.written(folder))
            assert found_at(found, drift.rule, drift.place, drift.file), f"{drift}\n{render(found)}"
            seeded += 1
    assert seeded, "no file has a place for this drift"


def test_there_are_faults_enough() -> None:
    assert sum(len(chosen(subject, name)) for subject in SUBJECTS for name in OPERATORS) >= 200
