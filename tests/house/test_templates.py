"""Templates print and do not decide: nothing slips past the literals, few markers, and no name but their own."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes
from tests.conftest import ROOT

from flowbridge.emit import app, workflow_modules, workflow_operations, workflow_orchestrator
from flowbridge.emit.templates import environment

TEMPLATES = ROOT / "templates"
CODE = sorted(path.relative_to(TEMPLATES).as_posix() for path in (TEMPLATES / "app").rglob("*.jinja"))
FORBIDDEN_FILTERS = {"safe", "join", "format", "escape", "e", "forceescape", "replace", "string", "tojson", "xmlattr"}
MARKER = re.compile(r"{%-|-%}|{{-|-}}|{%\+|\+%}")
LINES = 120


def source(template: str) -> str:
    """The text of a template."""
    return (TEMPLATES / template).read_text(encoding="utf-8")


def rendered() -> dict[str, type[object]]:
    """The dataclass that each template is rendered with, read from the calls of `render`."""
    found: dict[str, type[object]] = {}
    for module in (app, workflow_modules, workflow_operations, workflow_orchestrator):
        for _, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__:
                continue
            text = inspect.getsource(function)
            for template, value in re.findall(r'render\(\s*"([^"]+)",\s*(_?\w+)', text):
                made = value if value[:2].strip("_").istitle() else _class_of(text, value)
                found[template] = getattr(module, made)
    return found


def _class_of(text: str, variable: str) -> str:
    match = re.search(rf"\b{variable} = (_\w+)\(", text)
    assert match, f"{variable} is not made in the function that renders it"
    return match[1]


def test_there_are_templates_and_each_is_rendered() -> None:
    assert len(CODE) >= 8
    assert sorted(rendered()) == CODE


@pytest.mark.parametrize("template", CODE)
def test_a_template_sees_exactly_the_fields_of_its_dataclass(template: str) -> None:
    kind = rendered()[template]
    assert dataclasses.is_dataclass(kind)
    names = meta.find_undeclared_variables(environment().parse(source(template)))
    assert names == {one.name for one in dataclasses.fields(kind)}


@pytest.mark.parametrize("template", CODE)
def test_nothing_in_a_template_gets_around_the_literals(template: str) -> None:
    tree = environment().parse(source(template))
    assert not {one.name for one in tree.find_all(nodes.Filter)} & FORBIDDEN_FILTERS
    for kind in (nodes.Concat, nodes.Call, nodes.Add, nodes.Mod, nodes.Mul, nodes.Include, nodes.Import, nodes.Macro):
        assert not list(tree.find_all(kind)), f"{kind.__name__} in {template}"
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))
    assert not list(tree.find_all(nodes.MarkSafe))
    assert not list(tree.find_all(nodes.Const)), f"a constant in {template}"


@pytest.mark.parametrize("template", CODE)
def test_a_template_is_short_and_has_hardly_a_whitespace_marker(template: str) -> None:
    lines = source(template).splitlines()
    assert len(lines) <= LINES
    assert sum(bool(MARKER.search(line)) for line in lines) <= len(lines) * 0.03


@pytest.mark.parametrize("template", CODE)
def test_a_template_is_named_as_what_it_makes(template: str) -> None:
    assert Path(template).suffixes[-1] == ".jinja"
    assert Path(template).suffixes[-2:-1] == [".py"]
