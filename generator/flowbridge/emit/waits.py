"""Statements that wait: for a person, for an event, for a time."""

from __future__ import annotations

from flowbridge.emit.code import literal, quoted
from flowbridge.emit.layout import Bracket, Doc, Joined, call, keyword, lines
from flowbridge.emit.lines import LineWriter, cast_to, duration, target
from flowbridge.emit.wire import USUAL_OUTCOMES
from flowbridge.model.data import data_type
from flowbridge.model.inference import Scope
from flowbridge.model.types import ArrayType, StringType
from flowbridge.model.workflow import Data
from flowbridge.plan.nodes import AwaitApproval, AwaitedEvent, AwaitEvents, Sleep


def approval(out: LineWriter, node: AwaitApproval, indent: int) -> list[str]:
    """Asks people, and leaves on a timeout or a rejection."""
    pad = " " * indent
    asked: Doc = Bracket("(", (Joined(("yield from ", call("ask", "run", *_arguments(out, node)))),), ")", bare=True)
    # Where the variable was declared before, or the runtime cannot know the type, the value is said to be the model.
    plain = node.form is None and node.outcomes == USUAL_OUTCOMES and not node.declared
    if plain:
        written = lines(call("yield from ask", "run", *_arguments(out, node)), indent, target(node.variable))
    else:
        written = lines(cast_to(f"{node.result.name} | None", asked), indent, target(node.variable))
    written += [f"{pad}if {node.variable} is None:", *out.leave(node.on_timeout, indent + 4)]
    if node.on_rejected is not None:
        written += [f'{pad}if {node.variable}["outcome"] == "Reject":', *out.leave(node.on_rejected, indent + 4)]
    return written


def _arguments(out: LineWriter, node: AwaitApproval) -> list[Doc]:
    writer, scope = out.writer(node.header.scope), node.header.scope
    arguments = [
        keyword("step", quoted(node.header.step)),
        keyword("title", writer.text(node.heading)),
        keyword("details", writer.text(node.details)),
        keyword("approvers", _people(out, node.approvers, scope)),
        keyword("timeout", duration(node.timeout)),
    ]
    if node.required != 1:
        arguments.append(keyword("required", literal(node.required)))
    if node.remind_every is not None:
        arguments.append(keyword("remind_every", duration(node.remind_every)))
    if node.escalation is not None:
        to = _people(out, node.escalation.to, scope)
        made = call("Escalation", duration(node.escalation.after), to)
        arguments.append(keyword("escalation", made))
    if node.outcomes != USUAL_OUTCOMES:
        arguments.append(keyword("outcomes", literal(node.outcomes)))
    if node.form is not None:
        arguments.append(keyword("form", form_schema(node.header.step)))
    return arguments


def form_schema(step: str) -> str:
    """The name of the constant that holds the schema of an approval's form."""
    return f"{step.upper()}_FORM"


def _people(out: LineWriter, data: Data | None, scope: Scope) -> Doc:
    """A list of people; one alone may be written without a list."""
    if data is None:
        return "[]"
    written = out.writer(scope).data(data, ArrayType(StringType()))
    return written if isinstance(data_type(data, scope), ArrayType) else Bracket("[", (written,), "]")


def sleep(out: LineWriter, node: Sleep, indent: int) -> list[str]:
    """Waits for a duration, or until a moment."""
    if node.until is not None:
        moment = out.writer(node.header.scope).expression(node.until)
        return lines(call("yield from run.wait_until", moment), indent)
    return lines(call("yield from run.wait", duration(node.seconds or 0.0)), indent)


def events(out: LineWriter, node: AwaitEvents, indent: int) -> list[str]:
    """Waits for events, and leaves when they do not come in time."""
    found = f"{node.variable}_events"
    readers = Bracket("{", tuple(_reader(out, node, one) for one in node.events), "}")
    arguments: list[Doc] = [
        "run",
        readers,
        keyword("step", quoted(node.header.step)),
        keyword("timeout", duration(node.seconds)),
    ]
    if node.mode == "all" and len(node.events) > 1:
        arguments.append(keyword("enough", literal(len(node.events))))
    if node.count > 1:
        arguments.append(keyword("each", literal(node.count)))
    written = lines(call("yield from collect", *arguments), indent, f"{found} = ")
    written += [" " * indent + f"if {found} is None:", *out.leave(node.on_timeout, indent + 4)]
    if node.is_read and node.result is not None:
        written += lines(cast_to(out.annotation(node.result), _value(node, found)), indent, f"{node.variable} = ")
    return written


def _reader(out: LineWriter, node: AwaitEvents, event: AwaitedEvent) -> Doc:
    arguments: list[Doc] = [event.schema]
    if node.match is not None:
        condition = out.writer(node.matching).expression(node.match)
        arguments.append(Joined(("lambda payload: ", condition)))
    return Joined((f"{quoted(event.name)}: ", call(f"Reader[{event.payload.name}]", *arguments)))


def _value(node: AwaitEvents, found: str) -> Doc:
    """The value of the step, out of the lists of payloads by event."""
    first = node.events[0]
    if node.mode == "one":
        listed = f"{found}[{quoted(first.name)}]"
        return listed if node.count > 1 else f"{listed}[0]"
    fields: list[Doc] = []
    for event in node.events:
        listed = f"{found}[{quoted(event.name)}]"
        if not event.payload.type.fields:
            value = f"bool({listed})"
        elif node.mode == "all":
            value = f"{listed}[0]"
        else:
            value = f"last({listed})"
        fields.append(Joined((f"{quoted(event.name)}: ", value)))
    return Bracket("{", tuple(fields), "}")
