"""Rules on operations that the designer calls: pick lists and dynamic schemas lead to what is there."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.lint.definition import Definition, Node, Operation, items, node, step
from flowbridge.lint.finding import Finding

_CALLS = ("x-ms-dynamic-values", "x-ms-dynamic-list", "x-ms-dynamic-schema", "x-ms-dynamic-properties")


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    for pointer, holder in _holders(definition):
        for name in _CALLS:
            if name in holder:
                yield from _call(definition, node(holder[name]), step(pointer, name), name)
        yield from _pairs(holder, pointer)
    capabilities = node(definition.value.get("x-ms-capabilities"))
    test = node(capabilities.get("testConnection"))
    if test:
        where = "/x-ms-capabilities/testConnection"
        yield from _call(definition, test, where, "testConnection")


def _holders(definition: Definition) -> Iterator[tuple[str, Node]]:
    for operation in definition.operations:
        for one in definition.parameters[operation.pointer]:
            yield one.pointer, one.value
    for one in definition.schemas():
        yield one.pointer, one.value


def _call(definition: Definition, call: Node, where: str, kind: str) -> Iterator[Finding]:
    if "operationId" not in call:
        if "builtInOperation" not in call and "capability" not in call:
            yield Finding("RequiredPropertyMissing", where, "the property operationId is required")
        return
    target = definition.by_id(str(call["operationId"]))
    if target is None:
        yield Finding("OperationIdNotFound", where, f"there is no operation {call['operationId']!r}")
        return
    yield from _arguments(definition, target, call, where)
    if kind in ("x-ms-dynamic-values", "x-ms-dynamic-list"):
        yield from _list(definition, target, call, where, kind)


def _arguments(definition: Definition, target: Operation, call: Node, where: str) -> Iterator[Finding]:
    given = node(call.get("parameters"))
    found = [one for one in definition.parameters[target.pointer] if one.place != "body"]
    for one in found:
        if one.value.get("required") is True and one.name not in given and "default" not in one.value:
            yield Finding("OperationMissingRequiredProperty", where, f"{target.id} requires {one.name}")
    names = {one.name for one in definition.parameters[target.pointer]}
    for name in given:
        if name.partition("/")[0] not in names:
            words = f"{target.id} has no parameter {name}"
            yield Finding("OperationParameterNameNotFound", step(where, "parameters", name), words)


def _list(definition: Definition, target: Operation, call: Node, where: str, kind: str) -> Iterator[Finding]:
    old = kind == "x-ms-dynamic-values"
    collection = call.get("value-collection" if old else "itemsPath")
    fields = [call.get(name) for name in (("value-path", "value-title") if old else ("itemValuePath", "itemTitlePath"))]
    answer = definition.success(target)
    schema = definition.resolve(answer[1].get("schema")) if answer is not None else {}
    for name in str(collection).split("/") if isinstance(collection, str) and collection else []:
        schema = definition.resolve(node(schema.get("properties")).get(name))
    if schema.get("type") != "array":
        words = f"{target.id} gives no list at {collection or 'the top'}"
        yield Finding("InvokedOperationShouldProduceArray", where, words)
        return
    for field in fields:
        if isinstance(field, str):
            inner = definition.resolve(schema.get("items"))
            for name in field.split("/"):
                inner = definition.resolve(node(inner.get("properties")).get(name))
            if not inner:
                yield Finding("InvokedOperationShouldProduceProperty", where, f"what {target.id} lists has no {field}")


def _pairs(holder: Node, pointer: str) -> Iterator[Finding]:
    values = node(node(holder.get("x-ms-dynamic-values")).get("parameters"))
    inside_body = [one for one in values.values() if "/" in str(node(one).get("parameter", ""))]
    if inside_body and "x-ms-dynamic-list" not in holder:
        words = "it refers to a property inside a body: x-ms-dynamic-list has to stand beside it"
        yield Finding("DynamicListExtensionRequiredForNonParameterReferences", pointer, words)
    schema = node(holder.get("x-ms-dynamic-schema"))
    properties = node(holder.get("x-ms-dynamic-properties"))
    references = [one for one in node(schema.get("parameters")).values() if "/" in str(node(one).get("parameter", ""))]
    if references and not properties:
        words = "it refers to a property inside a body: x-ms-dynamic-properties has to stand beside it"
        yield Finding("DynamicPropertiesExtensionRequiredForNonParameterReferences", pointer, words)
    path = schema.get("value-path")
    if isinstance(path, str) and path.split("/")[-1] == "properties":
        wanted = "/".join(path.split("/")[:-1])
        if not properties:
            words = "value-path leads to properties: x-ms-dynamic-properties has to stand beside it"
            yield Finding("DynamicPropertiesExtensionRequiredForPropertiesValuePath", pointer, words)
        elif str(properties.get("itemValuePath", "")) != wanted:
            yield Finding("DynamicPropertiesItemValuePathMismatch", pointer, f"itemValuePath should be {wanted!r}")
    if items(holder.get("x-ms-dynamic-values")):
        yield Finding("JsonTypeIncorrect", step(pointer, "x-ms-dynamic-values"), "it is an object")
