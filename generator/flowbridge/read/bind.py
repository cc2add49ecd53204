"""`Document` to `Workflow`: what the author wrote as what the author meant."""

from __future__ import annotations

from flowbridge.model.cron import cron_problem
from flowbridge.model.types import ObjectType, Type
from flowbridge.model.workflow import Activity, Schedule, Workflow
from flowbridge.read.binder import Binder
from flowbridge.read.declared import Declarations
from flowbridge.read.nodes import Document, Entry, ListNode, MapNode, Node, ScalarNode
from flowbridge.read.retry_policies import bind_policies, check_use
from flowbridge.read.steps import StepBinder
from flowbridge.text.diagnostic import Findings
from flowbridge.text.source import Span


def bind(document: Document, faulty: frozenset[int], findings: Findings) -> Workflow:
    """The workflow, as far as it goes; what is wrong is reported, and with an error it is not to be used."""
    binder = Binder(faulty, findings)
    root = document.root
    declarations = Declarations(binder, root.get("types"))
    declarations.all()
    bind_policies(binder, root.get("retries"))
    name_node = root.get("workflow")
    name = binder.string(name_node) or ""
    errors = _errors(binder, root.get("errors"))
    taken, limit = _fields(declarations, root.entry("input")), root.get("timeout")
    steps = StepBinder(binder, declarations)
    workflow = Workflow(
        name=name,
        version=binder.integer(root.get("version")) or 1,
        title=binder.string(root.get("title")) or name.replace("_", " ").strip().capitalize(),
        description=binder.string(root.get("description")) or "",
        input=taken if taken is not None else ObjectType(()),
        output=_fields(declarations, root.entry("output")),
        types=tuple(_with_name(one, key) for key, one in binder.types.items() if isinstance(one, ObjectType)),
        errors=tuple(one for one, _ in errors),
        activities=_activities(binder, declarations, root.get("activities")),
        steps=steps.bind(root.get("steps")),
        span=root.span,
        name_span=name_node.span if name_node is not None else root.span,
        type_spans=_key_spans(root.get("types")),
        error_spans=tuple(span for _, span in errors),
        config=_fields(declarations, root.entry("config")),
        schedule=_schedule(binder, root.get("schedule")),
        timeout=binder.duration(limit),
        on_failure=steps.bind(root.get("on_failure")),
        finally_=steps.bind(root.get("finally")),
        error_types=_error_types(declarations, root.get("errors")),
        timeout_span=limit.span if limit is not None else None,
    )
    check_use(binder, root.get("retries"))
    return workflow


def _with_name(bound: ObjectType, name: str) -> ObjectType:
    """Another name for a declared type keeps the fields and takes the new name."""
    return bound if bound.name == name else ObjectType(bound.fields, name)


def _fields(declarations: Declarations, entry: Entry | None) -> ObjectType | None:
    if entry is None or not isinstance(entry.value, MapNode):
        return None
    return declarations.object(entry.value, entry.key_span)


def _errors(binder: Binder, node: Node | None) -> tuple[tuple[str, Span], ...]:
    """The names of the declared errors, with their places."""
    return binder.strings(node) if isinstance(node, ListNode) else _key_spans(node)


def _error_types(declarations: Declarations, node: Node | None) -> tuple[tuple[str, ObjectType], ...]:
    """The fields of the errors that declare any."""
    entries = node.entries if isinstance(node, MapNode) else ()
    return tuple(
        (one.key, declarations.object(one.value, one.key_span))
        for one in entries
        if isinstance(one.value, MapNode) and one.value.entries
    )


def _schedule(binder: Binder, node: Node | None) -> Schedule | None:
    """The schedule; one that is not a cron expression is reported."""
    when = node.get("cron") if isinstance(node, MapNode) else node
    arguments = node.get("input") if isinstance(node, MapNode) else None
    data = binder.data(arguments) if arguments is not None else None
    cron = binder.string(when)
    if cron is None or when is None:
        return None
    problem = cron_problem(cron)
    if problem is not None:
        hint = "write five fields: minute, hour, day, month and day of the week, such as 0 8 * * 1-5"
        binder.report("E145", when.span, problem, "not a schedule", hint)
        return None
    return Schedule(" ".join(cron.split()), data, when.span)


def _key_spans(node: Node | None) -> tuple[tuple[str, Span], ...]:
    return tuple((one.key, one.key_span) for one in node.entries) if isinstance(node, MapNode) else ()


def _activities(binder: Binder, declarations: Declarations, node: Node | None) -> tuple[Activity, ...]:
    if not isinstance(node, MapNode):
        return ()
    return tuple(_activity(binder, declarations, one) for one in node.entries)


def _activity(binder: Binder, declarations: Declarations, entry: Entry) -> Activity:
    node = entry.value if isinstance(entry.value, MapNode) else MapNode((), entry.value.span)
    errors = binder.strings(node.get("errors"))
    return Activity(
        name=entry.key,
        input=_contract(declarations, node.entry("input")),
        output=_contract(declarations, node.entry("output")),
        errors=tuple(one for one, _ in errors),
        idempotent=binder.boolean(node.get("idempotent")) or False,
        title=binder.string(node.get("title")),
        description=binder.string(node.get("description")),
        span=entry.key_span,
        error_spans=tuple(span for _, span in errors),
    )


def _contract(declarations: Declarations, entry: Entry | None) -> Type | None:
    if entry is None or (isinstance(entry.value, ScalarNode) and entry.value.value is None):
        return None
    return declarations.contract(entry.value, entry.key_span)
