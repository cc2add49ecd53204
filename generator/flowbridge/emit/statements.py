"""Statements of an orchestrator as lines of Python, each step under a comment with its place in the YAML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from flowbridge.emit import child_statements as children
from flowbridge.emit import waits
from flowbridge.emit.code import comment, literal, quoted
from flowbridge.emit.layout import Doc, Joined, call, keyword, lines
from flowbridge.emit.lines import LineWriter, cast_to, target, whole
from flowbridge.model.workflow import Retry
from flowbridge.plan.nodes import (
    Afterwards,
    Arm,
    Assign,
    AwaitApproval,
    AwaitEvents,
    Branch,
    CallActivity,
    Child,
    Declare,
    Fail,
    Finish,
    Guarded,
    Handler,
    RunBranches,
    RunChild,
    RunLanes,
    RunLoop,
    RunWithin,
    ShowStatus,
    Sleep,
    Statement,
    Tries,
    Undo,
)


class BodyWriter(LineWriter):
    """Writes the statements of one function."""

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
            case Declare():
                return [" " * indent + f"{node.variable}: {self.annotation(node.type)} = None"]
            case Branch():
                return self._branch(node, indent)
            case Guarded():
                return self._guarded(node, indent)
            case Afterwards():
                return self._afterwards(node, indent)
            case Tries():
                return self._tries(node, indent)
            case Undo():
                return self._undo(node, indent)
            case _:
                return self.header(node.header, indent) + self._plain(node, indent)

    def _plain(
        self,
        node: CallActivity
        | RunLanes
        | AwaitApproval
        | Assign
        | ShowStatus
        | Fail
        | Finish
        | RunWithin
        | RunBranches
        | RunLoop
        | RunChild
        | Sleep
        | AwaitEvents,
        indent: int,
    ) -> list[str]:
        match node:
            case CallActivity():
                return self._call(node, indent)
            case Assign():
                return self._assign(node, indent)
            case ShowStatus():
                message = self.writer(node.header.scope).text(node.message)
                return lines(call("run.status", message), indent) if self.shows else [" " * indent + "pass"]
            case Fail() | Finish():
                return self.leave(node, indent)
            case AwaitApproval():
                return waits.approval(self, node, indent)
            case AwaitEvents():
                return waits.events(self, node, indent)
            case Sleep():
                return waits.sleep(self, node, indent)
            case RunLanes():
                return children.lanes(self, node, indent)
            case RunBranches():
                return children.branches(self, node, indent)
            case RunWithin():
                return children.within(node, indent)
            case RunLoop():
                return children.loop(node, indent)
            case RunChild():
                return children.child(self, node, indent)
            case _:
                assert_never(node)

    def _undo(self, node: Undo, indent: int) -> list[str]:
        """Registers what undoes the step before; nothing begins with it that people should see."""
        place = comment(f"{node.header.place} what undoes {node.header.step or 'it'}", indent)
        payload = self.payload(node.activity, node.payload, node.header.scope)
        step = keyword("step", quoted(node.header.step))
        made = call("run.compensate", node.activity.constant, payload, step)
        return [" " * indent + place, *lines(made, indent)]

    def _call(self, node: CallActivity, indent: int) -> list[str]:
        payload = self.payload(node.activity, node.payload, node.header.scope)
        arguments: list[Doc] = [node.activity.constant, payload, keyword("step", quoted(node.header.step))]
        if node.retry in self.retries:
            arguments.append(keyword("retry", self.retries[node.retry]))
        return lines(call("yield from run.call", *arguments), indent, target(node.variable))

    def _assign(self, node: Assign, indent: int) -> list[str]:
        told = "" if node.declared else f": {self.annotation(node.type)}"
        value = self.writer(node.header.scope).data(node.value, node.type)
        return lines(value, indent, f"{node.variable}{told} = ")

    # ---- conditions

    def _branch(self, node: Branch, indent: int) -> list[str]:
        out: list[str] = []
        for number, arm in enumerate(node.arms):
            out += self._arm(arm, "elif " if number else "if ", indent)
        if node.otherwise:
            out += [" " * indent + "else:", *self.body(node.otherwise, indent + 4)]
        return out

    def _arm(self, arm: Arm, word: str, indent: int) -> list[str]:
        condition = self.writer(arm.header.scope).expression(arm.condition)
        # The step under an `if` has a comment of its own; a case of a switch has not.
        head = self.header(arm.header, indent) if word == "if " and not arm.header.step else []
        return head + lines(condition, indent, word, ":") + self.body(arm.body, indent + 4)

    # ---- errors

    def _guarded(self, node: Guarded, indent: int) -> list[str]:
        """Catches errors; one that no handler takes goes on."""
        pad, inner = " " * indent, " " * (indent + 4)
        out = [f"{pad}try:", *self.body(node.body, indent + 4), f"{pad}except Exception as failure:"]
        out.append(f"{inner}error = as_step_error(failure, {quoted(node.step)})")
        catch_all = next((one for one in node.handlers if not one.on), None)
        specific = [one for one in node.handlers if one.on]
        for number, handler in enumerate(specific):
            first, *more = handler.on
            test = Joined(("error.code in ", literal(handler.on))) if more else f"error.code == {quoted(first)}"
            out += lines(test, indent + 4, "elif " if number else "if ", ":")
            out += self._handled(handler, indent + 8)
        if not specific and catch_all is not None:
            return out + self._handled(catch_all, indent + 4)
        out.append(f"{inner}else:")
        if catch_all is not None:
            return out + self._handled(catch_all, indent + 8)
        return [*out, f"{inner}    raise"]

    def _handled(self, handler: Handler, indent: int) -> list[str]:
        value = cast_to(handler.model.name, "error.value()") if handler.model else "error.value()"
        named = lines(value, indent, f"{handler.variable} = ") if handler.variable else []
        body = self.body(handler.body, indent)
        return named + (body if handler.body or not named else [])

    def _afterwards(self, node: Afterwards, indent: int) -> list[str]:
        """Runs the cleanup in any case.

        Not with `finally`: the engine drops a generator that waits, which would run the cleanup in the middle.
        """
        pad, failed = " " * indent, f"{node.step}_failure"
        return [
            f"{pad}{failed}: Exception | None = None",
            f"{pad}try:",
            *self.body(node.body, indent + 4),
            f"{pad}except Exception as failure:",
            f"{pad}    {failed} = failure",
            *self.body(node.cleanup, indent),
            f"{pad}if {failed} is not None:",
            f"{pad}    raise {failed}",
        ]

    def _tries(self, node: Tries, indent: int) -> list[str]:
        """Runs the body until it succeeds or the policy gives up, which raises the last error."""
        pad, tries = " " * indent, f"{node.step}_tries"
        made = call("run.tries", self.retries[node.retry], keyword("step", quoted(node.step)))
        return [
            *lines(made, indent, f"{tries} = "),
            f"{pad}while True:",
            f"{pad}    try:",
            *self.body(node.body, indent + 8),
            f"{pad}        break",
            f"{pad}    except Exception as failure:",
            f"{pad}        yield from {tries}.failed(failure)",
        ]


def retry_policy(retry: Retry) -> Doc:
    """A retry policy as a call of the runtime's `Retry`, without what is its default."""
    usual = Retry()
    given: list[Doc] = []
    for name in ("max_attempts", "initial_delay", "backoff", "max_delay", "max_duration", "only_on", "never_on"):
        value = getattr(retry, name)
        if value != getattr(usual, name):
            given.append(keyword(name, literal(whole(value))))
    if retry.jitter == "full":
        given.append("jitter=True")
    return call("Retry", *given)


def child_steps(one: Child, writer: BodyWriter) -> list[str]:
    """The body of the function that runs a child's steps."""
    out = [f"    {each.variable} = scope[{quoted(each.name)}]" for each in one.captured]
    end = children.last_lines(one, writer)
    if one.body:
        return out + writer.body(one.body, 4) + end
    return out + (end[1:] if end else ["    pass"])
