"""Rules on webhooks: where the flow's address stands, and that what is told is described."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.lint.definition import METHODS, Definition, Node, Operation, inside, items, node, step
from flowbridge.lint.finding import Finding


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    for one in definition.operations:
        body = definition.body(one)
        found: list[tuple[str, Node, bool, bool]] = []
        if body is not None:
            needed = body.value.get("required") is True
            hidden = body.value.get("x-ms-visibility") == "internal"
            schema = node(body.value.get("schema"))
            found = list(_addresses(definition, schema, step(body.pointer, "schema"), needed, hidden, ()))
        yield from _operation(definition, one, found)
    yield from _outside(definition)
    for path, item in node(definition.value.get("paths")).items():
        methods = [name for name in node(item) if name in METHODS]
        if "x-ms-notification-content" in node(item):
            where = step("/paths", path, "x-ms-notification-content")
            if len(methods) > 1:
                words = f"it holds for every method of the path: {', '.join(methods)}"
                yield Finding("WebhookPathShared", where, words)
            if "schema" not in node(node(item)["x-ms-notification-content"]):
                yield Finding("RequiredPropertyMissing", where, "the property schema is required")


def _operation(definition: Definition, one: Operation, found: list[tuple[str, Node, bool, bool]]) -> Iterator[Finding]:
    webhook = definition.is_webhook(one) and one.method == "post"
    if found and not definition.is_webhook(one):
        words = f"{one.id} takes an address, and its path does not say what it is called back with"
        yield Finding("OperationMustHaveNotificationContentExtension", one.pointer, words)
    if webhook and not found:
        words = f"the path of {one.id} says what is called back, and its body takes no address"
        yield Finding("WebhookOperationsMissingNotificationUrlProperty", one.pointer, words)
    for where, value, needed, hidden in found:
        if value.get("type") != "string":
            yield Finding("NotificationUrlNotString", where, "the address is a text")
        if not hidden:
            yield Finding("NotificationUrlNotInternal", where, "the address, or what holds it, must be internal")
        if not needed:
            words = "the address must be required, and all that holds it, the body included"
            yield Finding("NotificationUrlNotRequired", where, words)
    notification = node(one.value.get("x-ms-notification"))
    if "x-ms-notification" in one.value:
        where = step(one.pointer, "x-ms-notification")
        target = definition.by_id(str(notification.get("operationId")))
        if "x-ms-trigger" not in one.value:
            yield Finding("NotificationExtensionSupportedForTriggerOnly", where, "only a trigger has it")
        if definition.is_webhook(one):
            yield Finding("NotificationExtensionNotSupportedInWebhookOperation", where, "it is a webhook itself")
        if target is None:
            yield Finding("OperationIdNotFound", where, f"there is no operation {notification.get('operationId')!r}")
        elif not definition.is_webhook(target):
            yield Finding("NotificationOperationMustBeWebhook", where, f"{target.id} is no webhook")


def _addresses(
    definition: Definition, schema: Node, where: str, needed: bool, hidden: bool, path: tuple[str, ...]
) -> Iterator[tuple[str, Node, bool, bool]]:
    """The properties that take a flow's address: place, schema, required all the way, internal somewhere."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference not in path:
            inner = node(definition.at(reference))
            yield from _addresses(definition, inner, reference[1:], needed, hidden, (*path, reference))
        return
    hidden = hidden or schema.get("x-ms-visibility") == "internal"
    if schema.get("x-ms-notification-url") is True:
        yield where, schema, needed, hidden
    required = items(schema.get("required"))
    for pointer, one in inside(schema, where):
        name = pointer.rpartition("/")[2]
        always = needed and pointer == step(where, "properties", name) and name in required
        yield from _addresses(definition, one, pointer, always, hidden, path)


def _outside(definition: Definition) -> Iterator[Finding]:
    words = "a flow's address can be taken in a body only"
    bodies = {id(value) for value in _in_bodies(definition)}
    for one in definition.schemas():
        if one.value.get("x-ms-notification-url") is True and id(one.value) not in bodies:
            yield Finding("NotificationUrlNotAllowedInThisPosition", one.pointer, words)
    for operation in definition.operations:
        for parameter in definition.parameters[operation.pointer]:
            if parameter.value.get("x-ms-notification-url") is True:
                yield Finding("NotificationUrlNotAllowedInThisPosition", parameter.pointer, words)


def _in_bodies(definition: Definition) -> Iterator[Node]:
    for one in definition.schemas():
        if one.way == "in":
            yield one.value
