"""What the compiler makes of a text at one moment: its findings, and as much of the workflow as can be made out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.model.analysis import Analysis, analyse
from flowbridge.model.structure import every_step
from flowbridge.model.workflow import Step, Workflow
from flowbridge.read.app import read_app
from flowbridge.read.bind import bind
from flowbridge.read.document import decode, parse
from flowbridge.read.schema import check_shape
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings
from flowbridge.text.source import Source


@dataclass(frozen=True)
class Around:
    """What a workflow stands among: its activities' Python (None: not looked at), and the other workflows by name."""

    activities: ActivitySources | None
    others: Mapping[str, Workflow]


ALONE = Around(None, {})


@dataclass(frozen=True)
class Reading:
    """A text with what was found in it.

    `workflow` is bound as far as the text goes, even where it has errors, and None where it is not YAML; `readable` is
    set where every part of it could be bound.
    """

    source: Source
    findings: tuple[Diagnostic, ...]
    workflow: Workflow | None
    readable: bool
    around: Around

    @cached_property
    def analysis(self) -> Analysis | None:
        """The scopes and types of the workflow."""
        return analyse(self.workflow, others=self.around.others) if self.workflow is not None else None

    @cached_property
    def steps(self) -> Mapping[int, Step]:
        """The steps by where they begin."""
        if self.workflow is None:
            return {}
        return {one.common.span.start: one for one in every_step(self.workflow.all_steps)}


def read(source: Source, around: Around = ALONE) -> Reading:
    """Reads and checks a text as `flowbridge check` does, and goes on where that would stop."""
    try:
        decode(source.text.encode("utf-8", "surrogatepass"), source.path)
    except CompileError as error:
        return Reading(source, error.diagnostics, None, False, around)
    workflow, found = read_workflow(source)
    if workflow is None:
        return Reading(source, found, _as_far_as_it_goes(source), False, around)
    found = [*found, *check(workflow, around.activities, around.others)]
    if around.activities is not None:
        together = check_app((workflow, *around.others.values()), around.activities)
        found += [one for one in together if one.span.source.path == source.path]
    return Reading(source, silence(found, (workflow,)), workflow, True, around)


def read_settings(source: Source) -> Reading:
    """Reads the settings of an app."""
    return Reading(source, read_app(source)[1], None, False, ALONE)


def _as_far_as_it_goes(source: Source) -> Workflow | None:
    """What can be bound of a text with errors."""
    findings = Findings()
    with suppress(CompileError, EnoughError):
        document = parse(source)
        return bind(document, check_shape(document, findings), findings)
    return None
