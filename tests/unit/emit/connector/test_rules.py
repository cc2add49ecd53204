"""The rules of Power Platform connectors that no public linter checks, on every shape that a workflow can declare."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flowbridge.emit.wire import INSTANCE_ID, answer_type
from flowbridge.lint import lint_definition
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
)
from flowbridge.plan.nodes import Place
from flowbridge.plan.plan import ApprovalPlan

Schema = dict[str, Any]
MakeConnector = Callable[..., dict[str, bytes]]

FORMATS = {"int32", "int64", "float", "double", "byte", "binary", "date", "date-time", "email", "uri", "uuid"}
HOSTILE = "<script>\"'${{x}}\\ \x00\x1b[31m\u202e\n# " + "é" * 700

line = ObjectType((Field("sku", StringType()), Field("amount", NumberType(), title="Amount / net.")), name="Line")
SHAPES = {
    "nothing": ObjectType(()),
    "texts": ObjectType(
        tuple(
            Field(f"in_{form.replace('-', '_')}" if form else "plain", StringType(form))
            for form in (None, "date", "date-time", "duration", "email", "uri", "uuid")
        )
    ),
    "bounds": ObjectType(
        (
            Field("code", StringType(min_length=2, max_length=5, pattern="^[A-Z]+$")),
            Field("small", IntegerType(minimum=-1, maximum=2**31 - 1)),
            Field("large", IntegerType(minimum=0, maximum=2**31)),
            Field("open", IntegerType(minimum=0)),
            Field("rate", NumberType(minimum=0.5, maximum=1)),
            Field("tags", ArrayType(StringType(), min_items=1, max_items=3)),
        )
    ),
    "defaults": ObjectType(
        (
            Field("mode", EnumType(("fast", "verySlow")), required=False, default="fast"),
            Field("count", IntegerType(), required=False, default=3),
            Field("rate", NumberType(), required=False, default=0.5),
            Field("sure", BooleanType(), required=False, default=False),
            Field("tags", ArrayType(StringType()), required=False, default=["a"]),
            Field("line", line, required=False, default={"sku": "x", "amount": 1}),
            Field("none", StringType(), required=False, default=None),
        )
    ),
    "nested": ObjectType(
        (
            Field("line", line),
            Field("lines", ArrayType(line), required=False),
            Field("grid", ArrayType(ArrayType(IntegerType()))),
            Field("totals", MapType(NumberType())),
            Field("byName", MapType(line)),
            Field("maybe", OptionalType(StringType())),
        )
    ),
    "labels": ObjectType(
        (
            Field("status", StringType(), title="Status", description="Status."),
            Field("theURL", StringType("uri"), title="the URL"),
            Field("long", StringType(), title="word " * 40, description="words " * 300),
            Field("hostile", StringType(), title=HOSTILE, description=HOSTILE),
            Field("empty", EnumType(("", "a_b", "aB")), title=" ", description=" "),
        )
    ),
}


@pytest.fixture(params=SHAPES)
def definition(request: pytest.FixtureRequest, connector: MakeConnector) -> Schema:
    shape = SHAPES[request.param]
    approvals = (("sign_off", "Sign off"), ("sign", HOSTILE), ("sign_", ""))
    made = connector(taken=shape, given=shape, approvals=approvals)
    return json.loads(made["apiDefinition.swagger.json"])


def operations(definition: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in definition["paths"].items():
        for method, operation in item.items():
            if method != "x-ms-notification-content":
                yield path, method, operation


def schemas(definition: Schema) -> Iterator[Schema]:
    """Every schema of the definitions, at every depth."""
    waiting = list(definition["definitions"].values())
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.get("properties", {}).values()
        waiting += [one[key] for key in ("items", "additionalProperties") if key in one]


def test_our_own_rules_find_nothing(definition: Schema) -> None:
    found = [str(one) for one in lint_definition(definition) if one.rule != "ConnectorMetadataPropertiesMissing"]
    assert found == []


def test_every_schema_is_typed_and_plain(definition: Schema) -> None:
    for one in schemas(definition):
        assert one["type"] in {"string", "integer", "number", "boolean", "array", "object"}
        assert not {"title", "allOf", "oneOf", "anyOf", "$ref", "x-nullable"} & set(one)
        assert one.get("format", "date") in FORMATS
        assert ("format" in one) or one["type"] not in ("integer", "number")
        assert ("items" in one) == (one["type"] == "array")
        assert one.get("enum") != []


def test_required_and_default_agree_with_the_properties(definition: Schema) -> None:
    for one in schemas(definition):
        if "required" in one:
            assert one["type"] == "object"
            assert one["required"]
            assert set(one["required"]) <= set(one["properties"])
            assert not any("default" in one["properties"][name] for name in one["required"])
        if "default" in one:
            kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}
            assert isinstance(one["default"], kinds.get(one["type"], dict))
            assert one["default"] in one.get("enum", [one["default"]])


def test_enum_values_have_one_display_name_each(definition: Schema) -> None:
    for one in schemas(definition):
        if "x-ms-enum-values" in one:
            assert [each["value"] for each in one["x-ms-enum-values"]] == one["enum"]
            shown = [each["displayName"] for each in one["x-ms-enum-values"]]
            assert len({each.casefold() for each in shown}) == len(shown)


def test_every_property_has_a_label_and_says_more(definition: Schema) -> None:
    for one in schemas(definition):
        for name, field in one.get("properties", {}).items():
            label, told = field["x-ms-summary"], field["description"]
            assert 0 < len(label) <= 80, name
            assert label == label.strip()
            assert 0 < len(told) <= 500
            assert told[-1] in ".!?"
            assert told.rstrip(".").casefold() != label.casefold()
            assert all(each.isprintable() for each in label + told)


def test_operations_are_named_and_described(definition: Schema) -> None:
    ids: set[str] = set()
    for _, _, one in operations(definition):
        ids.add(one["operationId"].lower())
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]{1,79}", one["operationId"])
        assert re.fullmatch(r"[A-Z][^\W_]*(?: \(?[^\W_]+\)?)*", one["summary"]), one["summary"]
        assert len(one["summary"]) <= 80
        assert one["description"][-1] in ".!?"
        assert one["description"].rstrip(".") != one["summary"]
        assert one.get("x-ms-visibility", "important") in ("important", "advanced", "internal")
    assert len(ids) == len(list(operations(definition))) == 20


def test_one_answer_has_a_schema(definition: Schema) -> None:
    for path, _, one in operations(definition):
        responses = one["responses"]
        # A webhook's schema is that of what it is called back with.
        webhook = "x-ms-notification-content" in definition["paths"][path]
        assert [code for code in responses if "schema" in responses[code]] == ([] if webhook else ["200"])
        assert next(iter(responses)) == ("201" if webhook else "200")
        assert "202" not in responses
        assert "default" in responses
        assert all(each["description"] for each in responses.values())


def test_parameters(definition: Schema) -> None:
    for path, method, one in operations(definition):
        inside = [each for each in one["parameters"] if each["in"] == "path"]
        bodies = [each for each in one["parameters"] if each["in"] == "body"]
        queries = [each for each in one["parameters"] if each["in"] == "query"]
        assert len(inside) + len(bodies) + len(queries) == len(one["parameters"])
        assert not any(each["required"] or "x-ms-url-encoding" in each for each in queries)
        assert [each["name"] for each in inside] == re.findall(r"\{(\w+)\}", path)
        assert all(each["required"] and each["x-ms-url-encoding"] == "single" for each in inside)
        assert all(each["x-ms-summary"] and each["description"].endswith(".") for each in one["parameters"])
        assert all(each["name"] != "connectionId" for each in one["parameters"])
        assert len(bodies) == (1 if method == "post" else 0)


def test_paths_cannot_be_mistaken_for_each_other(definition: Schema) -> None:
    paths = list(definition["paths"])
    assert len({one.casefold() for one in paths}) == len(paths)
    for one in paths:
        assert re.fullmatch(r"(?:/(?:[\w.~-]+|\{(?:instanceId|token)\}))+", one)
        assert "parameters" not in definition["paths"][one]
        if "x-ms-notification-content" in definition["paths"][one]:
            assert set(definition["paths"][one]) == {"x-ms-notification-content", "post"}
        for other in paths:
            parts = list(zip(one.split("/"), other.split("/"), strict=False))
            overlap = one.count("/") == other.count("/") and all(
                a.casefold() == b.casefold() or "{" in a or "{" in b for a, b in parts
            )
            assert overlap == (one == other), (one, other)


def test_references_lead_to_definitions_and_each_definition_is_used(definition: Schema) -> None:
    text = json.dumps(definition)
    used = re.findall(r'"\$ref": "#/definitions/(\w+)"', text)
    assert sorted(used) == sorted(definition["definitions"])
    assert text.count("$ref") == len(used)


def test_what_goes_out_has_no_bounds_and_whole_numbers_of_one_width(connector: MakeConnector) -> None:
    shape = SHAPES["bounds"]
    made = json.loads(connector(taken=shape, given=shape)["apiDefinition.swagger.json"])["definitions"]
    taken = made["StartSomeWorkBody"]["properties"]
    given = made["GetSomeWorkStatusResult"]["properties"]["output"]["properties"]
    assert taken["code"] == {
        "type": "string",
        "x-ms-summary": "Code",
        "description": "The code, a text.",
        "minLength": 2,
        "maxLength": 5,
        "pattern": "^[A-Z]+$",
        "x-ms-visibility": "important",
    }
    assert [taken[name]["format"] for name in ("small", "large", "open")] == ["int32", "int64", "int64"]
    assert [given[name]["format"] for name in ("small", "large", "open")] == ["int64", "int64", "int64"]
    assert (taken["tags"]["minItems"], taken["tags"]["maxItems"]) == (1, 3)
    keywords = {key for one in given.values() for key in one}
    assert keywords == {"type", "format", "x-ms-summary", "description", "items"}


def test_formats_that_the_platform_does_not_know_are_left_out(connector: MakeConnector) -> None:
    made = json.loads(connector(taken=SHAPES["texts"])["apiDefinition.swagger.json"])
    fields = made["definitions"]["StartSomeWorkBody"]["properties"]
    formats = {name: one.get("format") for name, one in fields.items()}
    assert formats == {
        "plain": None,
        "in_date": "date",
        "in_date_time": "date-time",
        "in_duration": None,
        "in_email": "email",
        "in_uri": "uri",
        "in_uuid": "uuid",
        "instanceId": None,
    }


def test_defaults_are_offered_on_the_way_in_only(connector: MakeConnector) -> None:
    shape = SHAPES["defaults"]
    made = json.loads(connector(taken=shape, given=shape)["apiDefinition.swagger.json"])["definitions"]
    body = made["StartSomeWorkBody"]
    assert {name: one["default"] for name, one in body["properties"].items() if "default" in one} == {
        "mode": "fast",
        "count": 3,
        "rate": 0.5,
        "sure": False,
        "tags": ["a"],
        "line": {"sku": "x", "amount": 1},
    }
    assert "required" not in body
    assert "default" not in json.dumps(made["GetSomeWorkStatusResult"]["properties"]["output"])


def test_ids_that_would_be_one_are_told_apart(connector: MakeConnector) -> None:
    approvals = (("sign", "A"), ("sign_", "B"), ("s_ign", "C"), ("x" * 60, "D"))
    made = connector(name="w" * 60, approvals=approvals)
    ids = [one["operationId"] for _, _, one in operations(json.loads(made["apiDefinition.swagger.json"]))]
    assert len({one.casefold() for one in ids}) == len(ids) == 21
    assert max(len(one) for one in ids) == 80
    short = connector(approvals=approvals)
    ids = [one["operationId"] for _, _, one in operations(json.loads(short["apiDefinition.swagger.json"]))]
    raised = [one for one in ids if one.startswith("Raise")]
    assert raised[:3] == ["RaiseSomeWorkSign", "RaiseSomeWorkSign2", "RaiseSomeWorkSIgn3"]


def test_a_decision_is_what_the_app_takes(connector: MakeConnector) -> None:
    made = json.loads(connector(approvals=(("sign", "Sign"),))["apiDefinition.swagger.json"])["definitions"]
    body = made["RaiseSomeWorkSignBody"]
    answer = answer_type(ApprovalPlan("sign", "Sign", Place("spec/some.yaml", 1)))
    assert list(body["properties"]) == [one.name for one in answer.fields]
    assert body["required"] == [one.name for one in answer.fields if one.required]
    for one in answer.fields:
        shown = body["properties"][one.name]
        match one.type:
            case StringType():
                assert (shown.get("minLength"), shown["maxLength"]) == (one.type.min_length, one.type.max_length)
            case EnumType():
                assert shown["enum"] == list(one.type.values)
            case _:
                raise AssertionError(one.type)


def test_the_instance_id_is_bounded_as_the_app_bounds_it(connector: MakeConnector) -> None:
    body = json.loads(connector()["apiDefinition.swagger.json"])["definitions"]["StartSomeWorkBody"]
    kind = INSTANCE_ID.type
    assert isinstance(kind, StringType)
    chosen = body["properties"][INSTANCE_ID.name]
    assert (chosen["maxLength"], chosen["pattern"]) == (kind.max_length, kind.pattern)
    assert chosen["x-ms-visibility"] == "advanced"
    assert INSTANCE_ID.name not in body["required"]
