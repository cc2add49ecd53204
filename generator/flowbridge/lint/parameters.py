"""Rules on parameters: that they fit their place, and that makers can fill them in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.lint.definition import Definition, Operation, Parameter, items, matches, node, step
from flowbridge.lint.finding import Finding
from flowbridge.lint.schemas import bounds, format_problem, visibility

_TYPES = ("string", "number", "integer", "boolean", "array", "file")
_KEYS = frozenset(
    {
        *("name", "in", "description", "required", "type", "format", "items", "collectionFormat", "default", "enum"),
        *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern"),
        *("maxItems", "minItems", "uniqueItems", "multipleOf", "schema", "allowEmptyValue", "readOnly"),
        *("x-ms-summary", "x-ms-visibility", "x-ms-url-encoding", "x-ms-dynamic-values", "x-ms-dynamic-list"),
        *("x-ms-dynamic-tree", "x-ms-enum-values", "x-ms-test-value", "x-ms-trigger-value", "x-ms-enum"),
        *("x-ms-parameter-location", "x-ms-skip-url-encoding", "x-ms-localizeDefaultValue"),
    }
)


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    for operation in definition.operations:
        found = definition.parameters[operation.pointer]
        yield from _references(definition, operation)
        yield from _together(operation, found)
        for one in found:
            if one.value:
                yield from _alone(one)


def _references(definition: Definition, operation: Operation) -> Iterator[Finding]:
    for at, one in enumerate(items(operation.value.get("parameters"))):
        reference = node(one).get("$ref")
        if isinstance(reference, str):
            where = step(operation.pointer, "parameters", at)
            if not reference.startswith("#/parameters/"):
                yield Finding("ParameterReferenceNotValid", where, "a reference starts with #/parameters/")
            elif definition.at(reference) is None:
                yield Finding("ParameterReferenceNotFound", where, f"{reference} leads nowhere")


def _together(operation: Operation, found: list[Parameter]) -> Iterator[Finding]:
    where = step(operation.pointer, "parameters")
    seen: set[tuple[str, str]] = set()
    for one in found:
        if (one.name, one.place) in seen:
            words = f"{one.name} stands twice in {one.place}"
            yield Finding("OperationParametersContainDuplicateParameter", one.pointer, words)
        seen.add((one.name, one.place))
    places = [one.place for one in found]
    if places.count("body") > 1:
        yield Finding("OperationParametersContainMultipleBodyParameters", where, "there are two bodies")
    if "body" in places and "formData" in places:
        yield Finding("ParameterListContainsFormDataAndBody", where, "there are a body and a form")
    if operation.method in ("get", "head") and {"body", "formData"} & set(places):
        words = f"a {operation.method.upper()} has no body"
        yield Finding("BodyOrFormDataParameterInFetchOperationNotAllowed", where, words)
    wanted = set(re.findall(r"\{([^{}]+)\}", operation.path))
    given = {one.name for one in found if one.place == "path"}
    for name in sorted(wanted - given):
        yield Finding("OperationMissingPathParameter", where, f"the path asks for {name}, which is not defined")
    for one in found:
        if one.place == "path" and one.name not in wanted:
            yield Finding("PathParameterNotDefinedInTemplate", one.pointer, f"the path has no variable {one.name}")


def _alone(one: Parameter) -> Iterator[Finding]:
    value, where = one.value, one.pointer
    if one.place not in ("path", "query", "header", "body", "formData"):
        yield Finding(
            "JsonValueNotInEnum", step(where, "in"), "a parameter is in path, query, header, body or formData"
        )
    if not one.name:
        yield Finding("RequiredPropertyMissing", where, "the property name is required")
    if one.name.casefold() == "connectionid":
        yield Finding("ConnectionIdParameterNotAllowed", where, "connectionId is the platform's own name")
    for name in value:
        if name not in _KEYS and name.startswith("x-ms-"):
            rule = "ExtensionMisplaced" if name.startswith(("x-ms-notif", "x-ms-trig")) else "UnknownExtension"
            yield Finding(rule, step(where, name), f"{name} may not stand on a parameter")
        elif name not in _KEYS and not name.startswith("x-"):
            yield Finding("AdditionalPropertyNotAllowed", step(where, name), f"{name} may not stand on a parameter")
    if one.place == "body":
        yield from _body(one)
        return
    if "schema" in value:
        yield Finding("NonBodyParameterSchemaNotValid", step(where, "schema"), "only a body has a schema")
    if value.get("type") not in _TYPES:
        yield Finding("RequiredPropertyMissing", where, f"the type is one of {', '.join(_TYPES)}")
    if value.get("type") == "file" and one.place != "formData":
        yield Finding("FileParameterMustBeInFormData", where, "a file is in formData")
    yield from _path(one)
    yield from _shape(one)
    yield from visibility(value, where, required=value.get("required") is True)
    yield from format_problem(value, where)
    yield from bounds(value, where)
    shown = value.get("x-ms-visibility") != "internal" and one.operation.value.get("x-ms-visibility") != "internal"
    if shown and not value.get("x-ms-summary"):
        yield Finding("LabelMissing", where, "it has no x-ms-summary, and so an empty or raw label")


def _shape(one: Parameter) -> Iterator[Finding]:
    """How the value of a parameter that is no body is put into the request."""
    value, where = one.value, one.pointer
    encoding = value.get("x-ms-url-encoding")
    if one.place == "query" and encoding is not None:
        yield Finding("QueryParameterEncodingNotSupported", step(where, "x-ms-url-encoding"), "a query is encoded once")
    if value.get("allowEmptyValue") is not None and one.place not in ("query", "formData"):
        words = "only a query or a form may allow an empty value"
        yield Finding("AllowEmptyValueOnlyValidForQueryFormData", where, words)
    form = value.get("collectionFormat")
    if form is not None and form not in ("csv", "ssv", "tsv", "pipes", "multi"):
        yield Finding("CollectionFormatValueNotSupported", step(where, "collectionFormat"), f"{form!r} is unknown")
    if value.get("type") == "array" and "items" not in value:
        yield Finding("ArrayHasNoItems", where, "an array has items")


def _path(one: Parameter) -> Iterator[Finding]:
    if one.place != "path":
        return
    if one.value.get("required") is not True:
        yield Finding("PathParameterMustBeRequired", one.pointer, "a part of the path is required")
    encoding = one.value.get("x-ms-url-encoding")
    if encoding is None:
        words = "without x-ms-url-encoding a value with a slash or a space breaks the path"
        yield Finding("PathParameterMissingEncoding", one.pointer, words)
    elif encoding not in ("single", "double"):
        yield Finding("JsonValueNotInEnum", step(one.pointer, "x-ms-url-encoding"), "it is single or double")


def _body(one: Parameter) -> Iterator[Finding]:
    if "schema" not in one.value:
        yield Finding("BodyParameterSchemaRequired", one.pointer, "a body has a schema")
    for name in ("type", "format", "items", "default", "enum", "pattern"):
        if name in one.value:
            words = f"{name} belongs into the schema"
            yield Finding("BodyParameterPropertyNotValid", step(one.pointer, name), words)
    for name in ("x-ms-dynamic-values", "x-ms-dynamic-list", "x-ms-dynamic-schema", "x-ms-dynamic-properties"):
        if name in one.value:
            words = f"{name} belongs into the schema"
            yield Finding("DynamicExtensionDefinitionNotAllowedInParameter", step(one.pointer, name), words)
    if one.value.get("default") is not None and not matches("object", one.value.get("default")):
        yield Finding("DefaultValueMustMatchType", one.pointer, "the default of a body is an object")
