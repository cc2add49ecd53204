"""Rules on schemas: that they are sound, and that every value becomes a typed token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.lint.definition import Definition, Json, Node, Schema, inside, items, matches, node, step
from flowbridge.lint.finding import Finding

_TYPES = ("string", "number", "integer", "boolean", "array", "object", "file")
_FORMATS = frozenset(
    {
        *("int32", "int64", "float", "double", "byte", "binary", "date", "date-time", "password"),
        *("date-no-tz", "email", "html", "uri", "uuid"),
    }
)
_KEYS = frozenset(
    {
        *("$ref", "format", "title", "description", "default", "multipleOf", "maximum", "exclusiveMaximum"),
        *("minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems"),
        *("maxProperties", "minProperties", "required", "enum", "additionalProperties", "type", "items", "allOf"),
        *("properties", "discriminator", "readOnly", "xml", "externalDocs", "example", "oneOf", "anyOf"),
        *("x-ms-summary", "x-ms-visibility", "x-ms-notification-url", "x-ms-dynamic-values", "x-ms-dynamic-list"),
        *("x-ms-dynamic-schema", "x-ms-dynamic-properties", "x-ms-dynamic-tree", "x-ms-enum-values"),
        *("x-ms-test-value", "x-ms-media-kind", "x-ms-enum", "x-ms-localizeDefaultValue", "x-ms-editor"),
        *("x-ms-client-flatten", "x-ms-external"),
    }
)
SCHEMAS_A_BODY, DEPTH = 512, 30


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    for one in definition.schemas():
        yield from _sound(definition, one)
        yield from _typed(one)
        yield from bounds(one.value, one.pointer)
        yield from format_problem(one.value, one.pointer)
        if one.way == "in":
            yield from _inputs(one)
    yield from _loops(definition)
    yield from _sizes(definition)


def _sound(definition: Definition, one: Schema) -> Iterator[Finding]:
    value, where = one.value, one.pointer
    reference = value.get("$ref")
    if reference is not None:
        if len(value) > 1:
            words = "nothing may stand beside a reference; it would be ignored"
            yield Finding("AdditionalPropertyNotAllowedAdjacentToRef", where, words)
        if not isinstance(reference, str) or not reference.startswith("#/definitions/"):
            yield Finding("SchemaReferenceNotValid", where, "a reference starts with #/definitions/")
        elif definition.at(reference) is None:
            yield Finding("SchemaReferenceNotFound", where, f"{reference} leads nowhere")
        elif "$ref" in node(definition.at(reference)):
            yield Finding("SchemaRefLoopNotAllowed", where, f"{reference} is a reference itself")
        return
    for name in value:
        if name not in _KEYS and not name.startswith("x-"):
            yield Finding("SwaggerKeywordNotSupported", step(where, name), f"the keyword {name} is not supported")
        elif name not in _KEYS and name.startswith("x-ms-"):
            yield Finding("UnknownExtension", step(where, name), f"{name} means nothing to the platform")
    if value.get("uniqueItems") is True:
        yield Finding("SwaggerKeywordNotSupported", step(where, "uniqueItems"), "uniqueItems is not supported")
    if value.get("type") == "array" and "items" not in value:
        yield Finding("ArrayHasNoItems", where, "an array has items")
    if isinstance(value.get("items"), list):
        yield Finding("JsonTypeIncorrect", step(where, "items"), "items is one schema")
    yield from _required(value, where)
    if value.get("type") == "string" and value.get("format") == "binary" and one.depth > 0 and one.way == "in":
        yield Finding("InvalidStringBinaryProperty", where, "binary content is possible at the top of a body only")
    if "discriminator" in value and value["discriminator"] not in items(value.get("required")):
        yield Finding("DiscriminatorMustBeARequiredStringProperty", where, "the discriminator is not required")


def _required(value: Node, where: str) -> Iterator[Finding]:
    if "required" not in value:
        return
    required = value["required"]
    if not isinstance(required, list):
        yield Finding("JsonTypeIncorrect", step(where, "required"), "required is a list of names")
        return
    if not required:
        yield Finding("RequiredPropertyArrayEmpty", step(where, "required"), "leave it out where nothing is required")
    if len(required) > len({str(one) for one in required}):
        yield Finding("ArrayDuplicateValue", step(where, "required"), "a name stands twice")
    if value.get("type", "object") != "object":
        yield Finding("RequiredPropertyNotOnObject", step(where, "required"), "only an object has required properties")
        return
    for name in map(str, required):
        if name not in node(value.get("properties")) and "allOf" not in value:
            words = f"the property {name} is required and not defined"
            yield Finding("RequiredPropertyDefinitionMissing", step(where, "required"), words)


def _typed(one: Schema) -> Iterator[Finding]:
    value, where = one.value, one.pointer
    if "$ref" in value or "x-ms-dynamic-schema" in value or "x-ms-dynamic-properties" in value:
        return
    for name in ("oneOf", "anyOf"):
        if name in value:
            yield Finding("SwaggerKeywordNotSupported", step(where, name), f"{name} gives one untyped token")
    if "allOf" in value:
        yield Finding(
            "UntypedOutput", step(where, "allOf"), "the designers do not merge allOf: write the properties out"
        )
    kind = value.get("type")
    if isinstance(kind, list):
        yield Finding(
            "JsonTypeIncorrect", step(where, "type"), "a list of types gives an untyped token: x-nullable says null"
        )
    elif kind is None and not {"allOf", "oneOf", "anyOf"} & set(value) and value:
        yield Finding("UntypedOutput", where, "without a type it becomes an untyped token")
    elif kind is not None and kind not in _TYPES:
        yield Finding("JsonValueNotInEnum", step(where, "type"), f"{kind!r} is no type")
    if isinstance(value.get("title"), str) and (kind == "object" or one.depth == 0):
        words = "a title is put before the label of every token below"
        yield Finding("TitlePrefixesTokens", step(where, "title"), words)


def _inputs(one: Schema) -> Iterator[Finding]:
    required = [str(name) for name in items(one.value.get("required"))]
    for name, child in node(one.value.get("properties")).items():
        value, where = node(child), step(one.pointer, "properties", name)
        if name.casefold() == "connectionid" and one.depth == 0:
            yield Finding("ConnectionIdParameterNotAllowed", where, "connectionId is the platform's own name")
        yield from visibility(value, where, required=name in required)
        if name in required and value.get("readOnly") is True:
            yield Finding("RequiredReadOnlyPropertyNotAllowedAsInput", where, "what is read-only cannot be filled in")


def visibility(value: Node, where: str, *, required: bool) -> Iterator[Finding]:
    """Rules on what makers see."""
    given = value.get("x-ms-visibility")
    if given is None:
        return
    if given not in ("important", "advanced", "internal"):
        words = "the visibility is important, advanced or internal"
        yield Finding("JsonValueNotInEnum", step(where, "x-ms-visibility"), words)
    if given != "internal" or value.get("x-ms-notification-url") is True:
        return
    # An object's value can come from the defaults inside it.
    if required and "default" not in value and not node(value.get("properties")):
        words = "nobody can fill it in: it is required and internal, and has no default"
        yield Finding("InternalRequiredNeedsDefault", where, words)
    if not required and "default" in value:
        words = "it is internal and not required: its default is never sent"
        yield Finding("InternalPropertyWithDefaultOptional", where, words)


def format_problem(value: Node, where: str) -> Iterator[Finding]:
    """A format that the platform does not know."""
    given = value.get("format")
    if given is not None and str(given) not in _FORMATS:
        yield Finding("UnrecognizedTypeFormat", step(where, "format"), f"the format {given!r} is not recognised")


def bounds(value: Node, where: str) -> Iterator[Finding]:
    """Rules on defaults, enums, lengths and patterns; they hold for schemas and for other parameters."""
    kind = value.get("type")
    if "default" in value and not matches(kind, value["default"]):
        yield Finding("DefaultValueMustMatchType", step(where, "default"), f"the default is no {kind}")
    if "enum" in value:
        yield from _enum(value, where)
    elif "x-ms-enum-values" in value:
        words = "there is no enum whose values could be named"
        yield Finding("InvalidEnumValuesExtensionValue", step(where, "x-ms-enum-values"), words)
    pattern = value.get("pattern")
    if isinstance(pattern, str):
        try:
            re.compile(pattern)
        except (re.error, RecursionError):
            words = "the pattern is no regular expression"
            yield Finding("PatternShouldBeValidRegularExpression", step(where, "pattern"), words)
    for low, high, rule in (
        ("minimum", "maximum", "MinimumShouldBeLessThanOrEqualToMaximum"),
        ("minLength", "maxLength", "MinLengthShouldBeLessThanOrEqualToMaxLength"),
        ("minItems", "maxItems", "MinItemsShouldBeLessThanOrEqualToMaxItems"),
    ):
        least, most = value.get(low), value.get(high)
        if _number(least) > _number(most) and least is not None and most is not None:
            yield Finding(rule, where, f"{low} is more than {high}")
        for name in (low, high):
            if name not in ("minimum", "maximum") and value.get(name) is not None and _number(value[name]) < 0:
                rule_below = f"{name[0].upper()}{name[1:]}MustBeGreaterThanOrEqualToZero"
                yield Finding(rule_below, step(where, name), f"{name} is less than 0")


def _enum(value: Node, where: str) -> Iterator[Finding]:
    enum = items(value.get("enum"))
    if not enum:
        yield Finding("EnumMustContainAtLeastOneElement", step(where, "enum"), "an enum has at least one value")
    for at, one in enumerate(enum):
        if not matches(value.get("type"), one):
            yield Finding("InvalidEnumValue", step(where, "enum", at), f"{one!r} is no {value.get('type')}")
    if len({str(one) for one in enum}) < len(enum):
        yield Finding("ArrayDuplicateValue", step(where, "enum"), "a value stands twice")
    if "default" in value and value["default"] not in enum:
        yield Finding("JsonValueNotInEnum", step(where, "default"), "the default is not among the values")
    named = [node(one) for one in items(value.get("x-ms-enum-values"))]
    place = step(where, "x-ms-enum-values")
    for at, one in enumerate(named):
        if one.get("value") not in enum:
            yield Finding(
                "InvalidEnumValuesExtensionValue", step(place, at), f"{one.get('value')!r} is not in the enum"
            )
        if not one.get("displayName"):
            yield Finding("MissingEnumValuesDisplayName", step(place, at), "the displayName is missing")
    if len({str(one.get("value")) for one in named}) < len(named):
        yield Finding("DuplicateEnumValuesInExtension", place, "a value is named twice")


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _loops(definition: Definition) -> Iterator[Finding]:
    """Schemas that lead back to themselves: endless where every step is required, cut off otherwise."""
    known = node(definition.value.get("definitions"))
    for name in known:
        where = step("/definitions", name)
        if _leads_back(definition, name, required_only=True):
            yield Finding("RequiredLoopInSchemaNotAllowed", where, "it requires itself: no value can fit")
        elif _leads_back(definition, name, required_only=False):
            yield Finding(
                "RecursiveSchema", where, "it contains itself: the designers stop at the second round, untyped"
            )


def _leads_back(definition: Definition, start: str, *, required_only: bool) -> bool:
    waiting, seen = [f"#/definitions/{start}"], set[str]()
    while waiting:
        for reference in _references(node(definition.at(waiting.pop())), required_only):
            if reference == f"#/definitions/{start}":
                return True
            if reference not in seen:
                seen.add(reference)
                waiting.append(reference)
    return False


def _references(schema: Node, required_only: bool) -> Iterator[str]:
    """The references inside a schema; those of required properties only, if so asked."""
    if isinstance(schema.get("$ref"), str):
        yield str(schema["$ref"])
    required = items(schema.get("required"))
    for pointer, one in inside(schema, ""):
        name = pointer.rpartition("/")[2] if pointer.startswith("/properties/") else None
        if not required_only or (name in required if name is not None else pointer.startswith("/allOf")):
            yield from _references(one, required_only)


def _sizes(definition: Definition) -> Iterator[Finding]:
    for operation in definition.operations:
        body = definition.body(operation)
        if body is None:
            continue
        count, depth = _count(definition, node(body.value.get("schema")), 0, [])
        if count > SCHEMAS_A_BODY:
            words = f"the body has {count} schemas; {SCHEMAS_A_BODY} may be"
            yield Finding("BodySchemaCountExceedsMaxAllowed", body.pointer, words)
        if depth > DEPTH:
            yield Finding("SchemaTooDeep", body.pointer, f"the body is {depth} schemas deep")


def _count(definition: Definition, schema: Node, depth: int, path: list[str]) -> tuple[int, int]:
    """How many schemas there are with all references written out, and how deep they go; loops count once."""
    if isinstance(schema.get("$ref"), str):
        reference = str(schema["$ref"])
        if reference in path:
            return 0, depth
        return _count(definition, node(definition.at(reference)), depth, [*path, reference])
    count, deepest = 1, depth
    for _, one in inside(schema, ""):
        if depth > 2 * DEPTH or count > 100 * SCHEMAS_A_BODY:
            break
        more, deep = _count(definition, one, depth + 1, path)
        count, deepest = count + more, max(deepest, deep)
    return count, deepest
