"""The Python functions behind a workflow's activities, as `read.activities` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowbridge.model.workflow import Ignored
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Annotation:
    """An annotation as far as it is plain: `str`, `list[int]`, `str | None` (`|`); `?` is any other."""

    name: str
    arguments: tuple[Annotation, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PythonFunction:
    """A function at the top of an activity file; `loose` is what its signature has beside named parameters.

    `annotations` are by parameter, the result's under `return`; `is_stub` if its body only raises NotImplementedError.
    """

    name: str
    module: str
    is_async: bool
    parameters: tuple[str, ...]
    optional: frozenset[str]
    loose: str | None
    span: Span = field(compare=False, repr=False)
    annotations: Mapping[str, Annotation] = field(default_factory=dict[str, Annotation])
    is_stub: bool = False

    @property
    def first_parameter(self) -> str:
        """The parameter of an activity with one input: the one without a default, else the first."""
        required = [one for one in self.parameters if one not in self.optional]
        return [*required, *self.parameters][0]


@dataclass(frozen=True)
class ActivitySources:
    """The folder `activities/` beside a workflow: every file's bytes, and the public functions in them.

    `files` are all files by their path relative to the folder, in order; `functions` are by name, one for each file
    that defines it; `findings` are files that are not Python.
    """

    folder: str
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    functions: Mapping[str, tuple[PythonFunction, ...]] = field(default_factory=dict[str, tuple[PythonFunction, ...]])
    findings: tuple[Diagnostic, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    def function(self, name: str) -> PythonFunction | None:
        """The first function of that name, or None."""
        found = self.functions.get(name, ())
        return found[0] if found else None

    def module_of(self, name: str) -> str | None:
        """The module that defines a function, dotted and relative to `activities`, or None."""
        found = self.function(name)
        return found.module if found is not None else None
