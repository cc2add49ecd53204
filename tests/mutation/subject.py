"""Clean workflows, and what is found in a changed copy of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Activity, Workflow
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.document import parse
from flowbridge.read.nodes import ListNode, MapNode, Node, ScalarNode
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.source import Source

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    ROOT / "spec" / "data_processing.yaml",
    ROOT / "templates" / "project" / "spec" / "greeting.yaml",
    *sorted((ROOT / "tests" / "golden").glob("*/*.yaml")),
    *sorted((ROOT / "spec" / "examples").glob("*/*.yaml")),
)
SHOWN = "workflow.yaml"
CONDITIONS = ("if", "when", "in", "until", "match")


@dataclass(frozen=True)
class Step:
    """A step as it was written; `top` if nothing but the workflow is around it."""

    node: MapNode
    verb: str
    top: bool
    in_loop: bool


@dataclass(frozen=True)
class Expression:
    """The text of an expression and where it begins in the file."""

    text: str
    start: int


VERBS = (
    *("call", "run", "for_each", "parallel", "switch", "repeat", "wait", "wait_for", "approval", "set", "raise"),
    *("return", "steps", "status"),
)


@dataclass(frozen=True)
class Subject:
    """One clean workflow: its text, its nodes with their places, and the Python files of its activities."""

    path: Path
    text: str = field(repr=False)

    @cached_property
    def source(self) -> Source:
        return Source(SHOWN, self.text)

    @cached_property
    def root(self) -> MapNode:
        return parse(self.source).root

    @cached_property
    def workflow(self) -> Workflow:
        workflow, found = read_workflow(self.source)
        assert workflow is not None, found
        return workflow

    @cached_property
    def activities(self) -> ActivitySources:
        return read_activities(self.path.parent / "activities", "activities")

    @cached_property
    def others(self) -> tuple[Workflow, ...]:
        """The other workflows of the same folder."""
        texts = (one.read_text(encoding="utf-8") for one in sorted(self.path.parent.glob("*.yaml")) if one != self.path)
        read = (read_workflow(Source("other.yaml", text))[0] for text in texts if re.search(r"(?m)^workflow:", text))
        return tuple(one for one in read if one is not None)

    def findings(self, text: str, activities: ActivitySources | None = None) -> tuple[Diagnostic, ...]:
        """What is found in a changed copy."""
        try:
            workflow, found = read_workflow(Source(SHOWN, text))
        except CompileError as error:
            return error.diagnostics
        if workflow is None:
            return found
        sources = activities or self.activities
        workflows = [*self.others, workflow]
        known = {one.name: one for one in workflows}
        found = (*found, *check(workflow, sources, known), *check_app(workflows, sources))
        return silence(found, [workflow], sources)

    def activity(self, name: str) -> Activity | None:
        return self.workflow.activity(name)

    # ---- what was written

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, outer ones first."""
        parts = ((self.root.get(key), key == "steps") for key in ("steps", "on_failure", "finally"))
        return tuple(step for node, top in parts for step in _steps(node, top, in_loop=False))

    @cached_property
    def scalars(self) -> tuple[tuple[str, ScalarNode], ...]:
        """Every scalar with the key that it stands under."""
        return tuple(_scalars("", self.root))

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression that is written without YAML's own escapes."""
        found: list[Expression] = []
        for key, node in self.scalars:
            raw = self.text[node.span.start : node.span.end]
            if not isinstance(node.value, str) or node.style not in ("plain", "'"):
                continue
            if key in CONDITIONS and node.style == "plain":
                found.append(Expression(raw, node.span.start))
            for hole in re.finditer(r"\$\{([^{}]*)\}", raw):
                found.append(Expression(hole[1], node.span.start + hole.start(1)))
        return tuple(found)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        return self.source.position(offset)


def _steps(node: Node | None, top: bool, *, in_loop: bool) -> Iterator[Step]:
    for one in node.items if isinstance(node, ListNode) else ():
        verb = next((verb for verb in VERBS if isinstance(one, MapNode) and verb in one), None)
        if not isinstance(one, MapNode) or verb is None:
            continue
        yield Step(one, verb, top, in_loop)
        loop = in_loop or verb == "for_each"
        yield from _in_lists(one, "switch", in_loop)
        for key in ("steps", "default"):
            yield from _steps(one.get(key), top=False, in_loop=loop if key == "steps" else in_loop)
        for key in ("parallel", "repeat"):
            inner = one.get(key)
            for entry in inner.entries if isinstance(inner, MapNode) else ():
                if key == "repeat" and entry.key == "steps":
                    yield from _steps(entry.value, top=False, in_loop=in_loop)
                elif key == "parallel" and isinstance(entry.value, MapNode):
                    yield from _steps(entry.value.get("steps"), top=False, in_loop=in_loop)
        yield from _in_lists(one, "catch", in_loop)
        yield from _steps(one.get("finally"), top=False, in_loop=in_loop)


def _in_lists(node: MapNode, key: str, in_loop: bool) -> Iterator[Step]:
    """The steps of cases and of catches."""
    inner = node.get(key)
    for each in inner.items if isinstance(inner, ListNode) else ():
        yield from _steps(each.get("steps") if isinstance(each, MapNode) else None, top=False, in_loop=in_loop)


def _scalars(key: str, node: Node) -> Iterator[tuple[str, ScalarNode]]:
    match node:
        case ScalarNode():
            yield key, node
        case ListNode():
            for item in node.items:
                yield from _scalars(key, item)
        case MapNode():
            for entry in node.entries:
                yield from _scalars(entry.key, entry.value)


def subjects() -> list[Subject]:
    """Every clean workflow of the project."""
    texts = ((path, path.read_text(encoding="utf-8")) for path in FILES)
    return [Subject(path, text) for path, text in texts if re.search(r"(?m)^workflow:", text)]
