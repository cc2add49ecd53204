"""The one Jinja environment for code: literal by default, code only by type.

A plain value that reaches a template becomes its Python literal; only `Code` passes as it is. Each template gets one
typed dataclass, whose fields are all that it can see.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache, partial

from jinja2 import Environment, FunctionLoader, StrictUndefined, Undefined

from flowbridge.assets import text
from flowbridge.emit.code import Code, literal
from flowbridge.emit.layout import flat


def _finalize(value: object) -> object:
    """Code as it is, anything else as its literal; an undefined name must not be mistaken for a value."""
    if isinstance(value, Code | Undefined):
        return value
    return Code(flat(literal(value)))


@cache
def environment() -> Environment:
    """The environment, made once: what it holds never changes."""
    made = Environment(
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        loader=FunctionLoader(partial(text, "templates")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    return made


def render(template: str, values: object) -> str:
    """A template with the fields of one dataclass."""
    if not is_dataclass(values) or isinstance(values, type):
        raise TypeError("a template takes one dataclass")
    shown = {one.name: getattr(values, one.name) for one in fields(values)}
    return environment().get_template(template).render(shown)
