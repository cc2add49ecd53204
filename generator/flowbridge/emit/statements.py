"""Statements of an orchestrator as lines of Python, each step under a comment with its place in the YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from flowbridge.emit.annotations import annotation
from flowbridge.emit.code import comment, literal, quoted, string
from flowbridge.emit.expressions import Writer
from flowbridge.emit.layout import Bracket, Doc, Joined, call, keyword, lines
from flowbridge.model.data import data_type
from flowbridge.model.inference import Scope
from flowbridge.model.types import ArrayType, StringType
from flowbridge.model.workflow import Retry
from flowbridge.plan.plan import (
    Arm,
    Assign,
    AwaitApproval,
    Branch,
    CallActivity,
    Declare,
    Fail,
    Finish,
    Header,
    LaneFunction,
    Model,
    RunLanes,
    ShowStatus,
    Statement,
)

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


@dataclass(frozen=True)
class BodyWriter:
    """Writes the statements of one function.

    `names` maps the YAML's names to Python's, `retries` the policies to their constants; `shows` is false in a lane,
    whose steps are not shown one by one.
    """

    names: Mapping[str, str]
    models: tuple[Model, ...]
    retries: Mapping[Retry, str]
    shows: bool = True

    def body(self, statements: Iterable[Statement], indent: int) -> list[str]:
        """The lines of a block; `pass` for an empty one."""
        out: list[str] = []
        for statement in statements:
            if out and not isinstance(statement, Declare):
                out.append("")
            out += self._statement(statement, indent)
        return out or [" " * indent + "pass"]

    def _statement(self, node: Statement, indent: int) -> list[str]:
        match node:
            case CallActivity():
                return self._header(node.header, indent) + self._call(node, indent)
            case RunLanes():
                return self._header(node.header, indent) + self._lanes(node, indent)
            case AwaitApproval():
                return self._header(node.header, indent) + self._approval(node, indent)
            case Assign():
                told = "" if node.declared else f": {annotation(node.type, self.models)}"
                before = f"{node.variable}{told} = "
                value = self._writer(node.header.scope).data(node.value, node.type)
                return self._header(node.header, indent) + lines(value, indent, before)
            case Declare():
                return [" " * indent + f"{node.variable}: {annotation(node.type, self.models)} = None"]
            case ShowStatus():
                message = self._writer(node.header.scope).text(node.message)
                shown = lines(call("run.status", message), indent) if self.shows else [" " * indent + "pass"]
                return self._header(node.header, indent) + shown
            case Fail():
                return self._header(node.header, indent) + self._fail(node, indent)
            case Finish():
                return self._header(node.header, indent) + self._finish(node, indent)
            case Branch():
                return self._branch(node, indent)
            case _:
                assert_never(node)

    def _writer(self, scope: Scope) -> Writer:
        return Writer(self.names, scope)

    def _header(self, header: Header, indent: int) -> list[str]:
        told = f"{header.place} {': '.join(one for one in (header.step, header.title) if one)}"
        out = [" " * indent + comment(told, indent)]
        if not (self.shows and header.step):
            return out
        arguments: list[Doc] = [quoted(header.step)]
        if header.title is not None:
            arguments.append(keyword("title", string(header.title)))
        if header.message is not None:
            arguments.append(keyword("message", self._writer(header.scope).text(header.message)))
        return out + lines(call("run.step", *arguments), indent)

    def _call(self, node: CallActivity, indent: int) -> list[str]:
        writer = self._writer(node.header.scope)
        kind = node.activity.payload.type
        if node.activity.parameter is not None:
            payload: Doc = Bracket("{", (Joined(('"value": ', writer.data(node.payload, kind.fields[0].type))),), "}")
        else:
            payload = writer.data(node.payload, kind)
        arguments: list[Doc] = [node.activity.constant, payload, keyword("step", quoted(node.header.step))]
        if node.retry in self.retries:
            arguments.append(keyword("retry", self.retries[node.retry]))
        return lines(call("yield from run.call", *arguments), indent, _target(node.variable))

    def _lanes(self, node: RunLanes, indent: int) -> list[str]:
        writer = self._writer(node.header.scope)
        captured = tuple(Joined((quoted(one.name) + ": ", one.variable)) for one in node.lane.captured)
        arguments: list[Doc] = [
            node.lane.constant,
            writer.expression(node.items),
            Bracket("{", captured, "}"),
            keyword("step", quoted(node.header.step)),
            keyword("max_concurrency", literal(node.max_concurrency)),
        ]
        return lines(call("yield from run.for_each", *arguments), indent, _target(node.variable))

    def _approval(self, node: AwaitApproval, indent: int) -> list[str]:
        writer = self._writer(node.header.scope)
        arguments = (
            keyword("step", quoted(node.header.step)),
            keyword("title", writer.text(node.heading)),
            keyword("details", writer.text(node.details)),
            keyword("approvers", self._approvers(node)),
            keyword("timeout", duration(node.timeout)),
        )
        pad = " " * indent
        return [
            *lines(call("yield from ask", "run", *arguments), indent, _target(node.variable)),
            f"{pad}if {node.variable} is None:",
            *self._leave(node.on_timeout, indent + 4),
            f'{pad}if {node.variable}["outcome"] == "Reject":',
            *self._leave(node.on_rejected, indent + 4),
        ]

    def _approvers(self, node: AwaitApproval) -> Doc:
        """The list of approvers; one alone may be written without a list."""
        scope = node.header.scope
        if node.approvers is None:
            return "[]"
        written = self._writer(scope).data(node.approvers, ArrayType(StringType()))
        is_list = isinstance(data_type(node.approvers, scope), ArrayType)
        return written if is_list else Bracket("[", (written,), "]")

    def _leave(self, node: Fail | Finish, indent: int) -> list[str]:
        return self._fail(node, indent) if isinstance(node, Fail) else self._finish(node, indent)

    def _fail(self, node: Fail, indent: int) -> list[str]:
        message = self._writer(node.header.scope).text(node.message)
        error = call("StepError", quoted(node.error), message, keyword("step", quoted(node.header.step)))
        return lines(error, indent, "raise ")

    def _finish(self, node: Finish, indent: int) -> list[str]:
        if node.type is None:
            return [" " * indent + "return None"]
        return lines(self._writer(node.header.scope).data(node.value, node.type), indent, "return ")

    def _branch(self, node: Branch, indent: int) -> list[str]:
        out: list[str] = []
        for number, arm in enumerate(node.arms):
            out += self._arm(arm, "elif " if number else "if ", indent)
        if node.otherwise:
            out += [" " * indent + "else:", *self.body(node.otherwise, indent + 4)]
        return out

    def _arm(self, arm: Arm, word: str, indent: int) -> list[str]:
        condition = self._writer(arm.header.scope).expression(arm.condition)
        # The step under an `if` has a comment of its own; a case of a switch has not.
        head = self._header(arm.header, indent) if word == "if " and not arm.header.step else []
        return head + lines(condition, indent, word, ":") + self.body(arm.body, indent + 4)


def retry_policy(retry: Retry) -> Doc:
    """A retry policy as a call of the runtime's `Retry`, without what is its default."""
    usual = Retry()
    given: list[Doc] = []
    for name in ("max_attempts", "initial_delay", "backoff", "max_delay", "max_duration", "only_on", "never_on"):
        value = getattr(retry, name)
        if value != getattr(usual, name):
            given.append(keyword(name, literal(_whole(value))))
    if retry.jitter == "full":
        given.append("jitter=True")
    return call("Retry", *given)


def lane_steps(lane: LaneFunction, writer: BodyWriter) -> list[str]:
    """The body of the function that runs one item through a lane's steps."""
    out = [f"    {one.variable} = scope[{quoted(one.name)}]" for one in lane.captured]
    statements = (*lane.body, *([lane.output] if lane.output else []))
    return out + writer.body(statements, 4)


def duration(seconds: float) -> Doc:
    """A duration as a timedelta in the largest units that it fills."""
    arguments: list[Doc] = []
    for name, unit in _UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            arguments.append(f"{name}={int(count)}")
    if seconds or not arguments:
        arguments.append(f"seconds={_whole(seconds)}")
    return call("timedelta", *arguments)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _target(variable: str | None) -> str:
    return f"{variable} = " if variable else ""
