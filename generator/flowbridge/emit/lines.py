"""What every statement of an orchestrator is written with: its header, its expressions, and how it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowbridge.emit.annotations import annotation
from flowbridge.emit.code import comment, quoted, string
from flowbridge.emit.expressions import Writer
from flowbridge.emit.layout import Bracket, Doc, Joined, call, keyword, lines
from flowbridge.model.inference import Scope
from flowbridge.model.types import Type
from flowbridge.model.workflow import Data, Retry
from flowbridge.plan.nodes import ActivityFunction, Captured, Fail, Finish, Header, Model

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


@dataclass(frozen=True)
class LineWriter:
    """Writes in one function.

    `names` maps the YAML's names to Python's, `retries` the policies to their constants; `shows` is false in a lane,
    whose steps are not shown one by one.
    """

    names: Mapping[str, str]
    models: tuple[Model, ...]
    retries: Mapping[Retry, str]
    shows: bool = True

    def writer(self, scope: Scope) -> Writer:
        """The writer of expressions in a scope."""
        return Writer(self.names, scope)

    def annotation(self, kind: Type) -> str:
        """A type as an annotation."""
        return annotation(kind, self.models)

    def header(self, header: Header, indent: int) -> list[str]:
        """The comment with a step's place, and the call that shows that it begins if there is anything to show."""
        out = [place_comment(header, indent)]
        if not self.shows or not (header.step or header.title or header.message):
            return out
        arguments: list[Doc] = [quoted(header.step)]
        if header.title is not None:
            arguments.append(keyword("title", string(header.title)))
        if header.message is not None:
            arguments.append(keyword("message", self.writer(header.scope).text(header.message)))
        return out + lines(call("run.step", *arguments), indent)

    def payload(self, activity: ActivityFunction, data: Data | None, scope: Scope) -> Doc:
        """What an activity is called with."""
        writer, kind = self.writer(scope), activity.payload.type
        if activity.parameter is None:
            return writer.data(data, kind)
        return Bracket("{", (Joined(('"value": ', writer.data(data, kind.fields[0].type))),), "}")

    def leave(self, node: Fail | Finish, indent: int) -> list[str]:
        """Ends the workflow, or what a child gives."""
        if isinstance(node, Fail):
            message = self.writer(node.header.scope).text(node.message)
            arguments: list[Doc] = [quoted(node.error), message, keyword("step", quoted(node.header.step))]
            if node.type is not None:
                details = self.writer(node.header.scope).data(node.details, node.type)
                arguments.append(keyword("details", details))
            return lines(call("StepError", *arguments), indent, "raise ")
        if node.type is None:
            return [" " * indent + "return None"]
        return lines(self.writer(node.header.scope).data(node.value, node.type), indent, "return ")


def scope_of(captured: tuple[Captured, ...]) -> Doc:
    """What a child is given of the names around it."""
    return Bracket("{", tuple(Joined((quoted(one.name) + ": ", one.variable)) for one in captured), "}")


def duration(seconds: float) -> Doc:
    """A duration as a timedelta in the largest units that it fills."""
    arguments: list[Doc] = []
    for name, unit in _UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            arguments.append(f"{name}={int(count)}")
    if seconds or not arguments:
        arguments.append(f"seconds={whole(seconds)}")
    return call("timedelta", *arguments)


def whole(value: object) -> object:
    """A float without a fraction as an int, which reads better."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def target(variable: str | None) -> str:
    """The beginning of an assignment, if there is one."""
    return f"{variable} = " if variable else ""


def place_comment(header: Header, indent: int) -> str:
    """Where a step stands in the YAML, and what it is."""
    told = ": ".join(one for one in (header.step, header.title) if one)
    return " " * indent + comment(f"{header.place} {told}", indent)


def cast_to(kind: str, value: Doc) -> Doc:
    """A value as a type that the runtime cannot know."""
    return call("cast", kind, value)
