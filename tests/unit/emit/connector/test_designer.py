"""What a maker gets in Power Automate: the fields to fill in and the tokens to use, read as its designer reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from flowbridge.compiler import compile_app
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    StringType,
)

Schema = dict[str, Any]
Token = tuple[str, str, str]
MakeConnector = Callable[..., dict[str, bytes]]

TYPES = {"string", "integer", "number", "boolean", "array", "object"}


class Designer:
    """Reads a definition by the rules of the designer: which answer counts, what is a token, how labels are joined."""

    def __init__(self, definition: Schema) -> None:
        self.definition = definition
        # What is told to a webhook stands beside its operation on the path, and counts for every operation there.
        self.notified: dict[str, Schema] = {}
        self.operations: dict[str, Schema] = {}
        for item in definition["paths"].values():
            for method, operation in item.items():
                if method != "x-ms-notification-content":
                    self.operations[operation["operationId"]] = operation
                    if "x-ms-notification-content" in item:
                        self.notified[operation["operationId"]] = item["x-ms-notification-content"]["schema"]

    def resolve(self, schema: Schema) -> Schema:
        """Follows a reference, which must not lead to another."""
        if "$ref" not in schema:
            return schema
        assert list(schema) == ["$ref"]
        found = self.definition["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        assert "$ref" not in found
        return found

    def tokens(self, operation: str) -> list[Token]:
        """The outputs of an operation: key, label, type with format."""
        if operation in self.notified:
            return list(self._outputs(self.notified[operation], "body.$", ""))
        responses: Schema = self.operations[operation]["responses"]
        success = [code for code in responses if code.startswith("2") or code == "default"]
        chosen = success[0] if len(responses) == 1 else next(c for c in ("200", "201", "default") if c in responses)
        return list(self._outputs(responses[chosen].get("schema", {}), "body.$", ""))

    def fields(self, operation: str) -> list[tuple[str, str, str, str]]:
        """The inputs of an operation: key, label, type, and `required`, `optional` or `advanced`."""
        parameters = self.operations[operation]["parameters"]
        found: list[tuple[str, str, str, str]] = []
        for one in sorted(parameters, key=lambda one: not one.get("required", False)):
            if one["in"] == "body":
                found += self._inputs(one["schema"], "body.$", "", one.get("required", False))
            else:
                need = "required" if one.get("required") else one.get("x-ms-visibility") or "optional"
                found.append((f"{one['in']}.$.{one['name']}", one["x-ms-summary"], _type(one), need))
        order = ["required", "important", "optional", "advanced"]
        return sorted(found, key=lambda one: order.index(one[3]))

    def _outputs(self, schema: Schema, key: str, prefix: str, own: str | None = None) -> Iterator[Token]:
        schema = self.resolve(schema)
        assert "title" not in schema, "a title goes before the label of every token below"
        summary = schema.get("x-ms-summary", "") if own is None else own
        label = _joined(prefix, summary)
        if schema.get("type") == "object" and "properties" in schema:
            inner = _joined(prefix, schema.get("x-ms-summary", ""))
            for name, one in schema["properties"].items():
                yield from self._outputs(one, f"{key}.{name}", inner)
        elif schema.get("type") == "array":
            items = self.resolve(schema["items"])
            inner = prefix if items.get("x-ms-summary") else _joined(prefix, schema.get("x-ms-summary", ""))
            yield from self._outputs(items, f"{key}.[*]", inner, items.get("x-ms-summary") or "Item")
        yield key, label or "Body", _type(schema)

    def _inputs(self, schema: Schema, key: str, prefix: str, needed: bool) -> Iterator[tuple[str, str, str, str]]:
        schema = self.resolve(schema)
        assert "title" not in schema
        label = _joined(prefix, schema.get("x-ms-summary", ""))
        if schema.get("type") == "object" and schema.get("properties"):
            for name, one in schema["properties"].items():
                always = needed and name in schema.get("required", [])
                yield from self._inputs(one, f"{key}.{name}", label, always)
            return
        visibility = schema.get("x-ms-visibility")
        if visibility == "internal":
            return
        need = "required" if needed else visibility or "optional"
        yield key, label, _type(schema), need


def _joined(prefix: str, label: str) -> str:
    return f"{prefix} {label}".strip()


def _type(schema: Schema) -> str:
    """The type as the designer has it; a list of types or none at all is `any`."""
    kind = schema.get("type", "any")
    if not isinstance(kind, str) or {"allOf", "oneOf", "anyOf"} & set(schema):
        return "any"
    return f"{kind}:{schema['format']}" if "format" in schema else kind


@pytest.fixture(scope="module")
def designer(flagship: dict[str, bytes]) -> Designer:
    return Designer(json.loads(flagship["apiDefinition.swagger.json"]))


def test_a_maker_finds_these_actions(designer: Designer) -> None:
    shown = {name: one for name, one in designer.operations.items() if one.get("x-ms-visibility") != "internal"}
    assert {name: one["summary"] for name, one in shown.items() if "x-ms-trigger" not in one} == {
        "StartDataProcessing": "Start data processing",
        "RunDataProcessingAndWait": "Run data processing and wait for its end",
        "GetDataProcessingStatus": "Get the status of data processing",
        "RaiseDataProcessingApproval": "Approve or reject data processing (Wait for the approval)",
        "TerminateDataProcessing": "Terminate data processing",
        "SuspendDataProcessing": "Suspend data processing",
        "ResumeDataProcessing": "Resume data processing",
        "PurgeDataProcessing": "Purge data processing",
        "ListDataProcessingInstances": "List instances of data processing",
        "GetDataProcessingHistory": "Get the history of data processing",
    }
    assert {name: one["summary"] for name, one in shown.items() if "x-ms-trigger" in one} == {
        "WhenDataProcessingApprovalNeeded": "When an approval is needed for data processing",
        "WhenDataProcessingFinished": "When data processing has finished",
    }
    hidden = set(designer.operations) - set(shown)
    assert hidden == {
        "ChooseDataProcessingInstance",
        "ChooseDataProcessingApproval",
        "UnsubscribeDataProcessingApprovalNeeded",
        "UnsubscribeDataProcessingFinished",
        "CancelRunDataProcessingAndWait",
        "TestConnection",
    }
    folded = {name for name, one in shown.items() if one.get("x-ms-visibility") == "advanced"}
    assert {name.partition("Data")[0] for name in folded} == {"Suspend", "Resume", "List", "Get"}


ENDED = [
    ("body.$.eventId", "Event ID", "string"),
    ("body.$.workflow", "Workflow", "string"),
    ("body.$.instanceId", "Instance ID", "string"),
    ("body.$.outcome", "Outcome", "string"),
    ("body.$.output.status", "Output Status", "string"),
    ("body.$.output.recordsProcessed", "Output Records Processed", "integer:int64"),
    ("body.$.output.reportPath", "Output Report Path", "string"),
    ("body.$.output.decidedBy", "Output Decided By", "string"),
    ("body.$.output.comments", "Output Comments", "string"),
    ("body.$.output", "Output", "object"),
    ("body.$.error.code", "Error Code", "string"),
    ("body.$.error.message", "Error Message", "string"),
    ("body.$.error.step", "Error Step", "string"),
    ("body.$.error", "Error", "object"),
    ("body.$.endedAt", "Ended At", "string:date-time"),
    ("body.$", "Body", "object"),
]


def test_a_wait_asks_for_the_input_and_gives_the_result(designer: Designer) -> None:
    assert designer.fields("RunDataProcessingAndWait") == designer.fields("StartDataProcessing")
    assert designer.tokens("RunDataProcessingAndWait") == ENDED


def test_the_triggers_ask_for_nothing_and_give_what_happened(designer: Designer) -> None:
    assert designer.fields("WhenDataProcessingFinished") == designer.fields("WhenDataProcessingApprovalNeeded") == []
    assert designer.tokens("WhenDataProcessingFinished") == ENDED
    assert designer.tokens("WhenDataProcessingApprovalNeeded") == [
        ("body.$.eventId", "Event ID", "string"),
        ("body.$.workflow", "Workflow", "string"),
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.approval", "Approval", "string"),
        ("body.$.title", "Title", "string"),
        ("body.$.details", "Details", "string"),
        ("body.$.approvers.[*]", "Approvers Item", "string"),
        ("body.$.approvers", "Approvers", "array"),
        ("body.$.requestedAt", "Requested At", "string:date-time"),
        ("body.$.dueAt", "Due At", "string:date-time"),
        ("body.$.reminder", "Reminder", "integer:int32"),
        ("body.$", "Body", "object"),
    ]


def test_lists_are_typed_and_filtered(designer: Designer) -> None:
    assert designer.fields("ListDataProcessingInstances") == [
        ("query.$.status", "Status", "string", "optional"),
        ("query.$.createdFrom", "Created From", "string:date-time", "optional"),
        ("query.$.createdTo", "Created To", "string:date-time", "optional"),
        ("query.$.top", "Top", "integer:int32", "advanced"),
        ("query.$.continuationToken", "Continuation Token", "string", "advanced"),
    ]
    assert designer.tokens("ListDataProcessingInstances") == [
        ("body.$.instances.[*].instanceId", "Instance ID", "string"),
        ("body.$.instances.[*].runtimeStatus", "Instance Runtime Status", "string"),
        ("body.$.instances.[*].step", "Instance Step", "string"),
        ("body.$.instances.[*].stepTitle", "Instance Step Title", "string"),
        ("body.$.instances.[*].message", "Instance Message", "string"),
        ("body.$.instances.[*].createdTime", "Instance Created Time", "string:date-time"),
        ("body.$.instances.[*].lastUpdatedTime", "Instance Last Updated Time", "string:date-time"),
        ("body.$.instances.[*]", "Instance", "object"),
        ("body.$.instances", "Instances", "array"),
        ("body.$.continuationToken", "Continuation Token", "string"),
        ("body.$", "Body", "object"),
    ]
    assert ("body.$.events.[*].timestamp", "Event Timestamp", "string:date-time") in designer.tokens(
        "GetDataProcessingHistory"
    )


def test_an_instance_is_picked_from_a_list(designer: Designer) -> None:
    def picked(operation: str) -> tuple[str, dict[str, str]]:
        [one] = [each for each in designer.operations[operation]["parameters"] if each["in"] == "path"]
        old, new = one["x-ms-dynamic-values"], one["x-ms-dynamic-list"]
        assert old["operationId"] == new["operationId"]
        assert old["parameters"] == {name: each["value"] for name, each in new["parameters"].items()}
        # What the list gives is there in the answer of the operation that it asks, under the names it uses.
        keys = {key for key, *_ in designer.tokens(new["operationId"])}
        for path, value, title in (
            (old["value-collection"], old["value-path"], old["value-title"]),
            (new["itemsPath"], new["itemValuePath"], new["itemTitlePath"]),
        ):
            assert {f"body.$.{path}.[*].{value}", f"body.$.{path}.[*].{title}"} <= keys
        known = {each["name"] for each in designer.operations[new["operationId"]]["parameters"]}
        assert set(old["parameters"]) <= known
        return old["operationId"], old["parameters"]

    waiting = ("ChooseDataProcessingApproval", {"approval": "approval"})
    assert picked("RaiseDataProcessingApproval") == waiting
    for verb in ("Terminate{}", "Suspend{}", "Get{}Status", "Get{}History"):
        assert picked(verb.format("DataProcessing")) == ("ChooseDataProcessingInstance", {})
    assert picked("ResumeDataProcessing")[1] == {"status": "Suspended"}
    assert picked("PurgeDataProcessing")[1] == {"status": "Completed,Failed,Terminated"}


def test_nothing_is_untyped(designer: Designer) -> None:
    for operation in designer.operations:
        kinds = [kind.partition(":")[0] for *_, kind in designer.tokens(operation)]
        kinds += [kind.partition(":")[0] for _, _, kind, _ in designer.fields(operation)]
        assert set(kinds) <= TYPES, operation


def test_start_asks_for_the_input_and_gives_the_instance(designer: Designer) -> None:
    assert designer.fields("StartDataProcessing") == [
        ("body.$.dataSource", "Data Source", "string", "required"),
        ("body.$.recordCount", "Record Count", "integer:int32", "required"),
        ("body.$.requestedBy", "Requested By", "string", "required"),
        ("body.$.instanceId", "Instance ID", "string", "advanced"),
    ]
    assert designer.tokens("StartDataProcessing") == [
        ("body.$.id", "ID", "string"),
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.statusQueryGetUri", "Status URL", "string:uri"),
        ("body.$.sendEventPostUri", "Approval URL", "string"),
        ("body.$.terminatePostUri", "Terminate URL", "string:uri"),
        ("body.$.purgeHistoryDeleteUri", "Purge URL", "string:uri"),
        ("body.$", "Body", "object"),
    ]


def test_status_gives_a_typed_token_for_everything(designer: Designer) -> None:
    assert designer.fields("GetDataProcessingStatus") == [("path.$.instanceId", "Instance ID", "string", "required")]
    assert designer.tokens("GetDataProcessingStatus") == [
        ("body.$.id", "ID", "string"),
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.workflow", "Workflow", "string"),
        ("body.$.runtimeStatus", "Runtime Status", "string"),
        ("body.$.step", "Step", "string"),
        ("body.$.stepTitle", "Step Title", "string"),
        ("body.$.message", "Message", "string"),
        ("body.$.progress.completed", "Progress Completed", "integer:int32"),
        ("body.$.progress.total", "Progress Total", "integer:int32"),
        ("body.$.progress", "Progress", "object"),
        ("body.$.pendingApprovals.[*].approval", "Pending Approval Approval", "string"),
        ("body.$.pendingApprovals.[*].title", "Pending Approval Title", "string"),
        ("body.$.pendingApprovals.[*].details", "Pending Approval Details", "string"),
        ("body.$.pendingApprovals.[*].approvers.[*]", "Pending Approval Approvers Item", "string"),
        ("body.$.pendingApprovals.[*].approvers", "Pending Approval Approvers", "array"),
        ("body.$.pendingApprovals.[*].requestedAt", "Pending Approval Requested At", "string:date-time"),
        ("body.$.pendingApprovals.[*].dueAt", "Pending Approval Due At", "string:date-time"),
        ("body.$.pendingApprovals.[*]", "Pending Approval", "object"),
        ("body.$.pendingApprovals", "Pending Approvals", "array"),
        ("body.$.pendingEvents.[*].event", "Pending Event Event", "string"),
        ("body.$.pendingEvents.[*].dueAt", "Pending Event Due At", "string:date-time"),
        ("body.$.pendingEvents.[*]", "Pending Event", "object"),
        ("body.$.pendingEvents", "Pending Events", "array"),
        ("body.$.output.status", "Output Status", "string"),
        ("body.$.output.recordsProcessed", "Output Records Processed", "integer:int64"),
        ("body.$.output.reportPath", "Output Report Path", "string"),
        ("body.$.output.decidedBy", "Output Decided By", "string"),
        ("body.$.output.comments", "Output Comments", "string"),
        ("body.$.output", "Output", "object"),
        ("body.$.error.code", "Error Code", "string"),
        ("body.$.error.message", "Error Message", "string"),
        ("body.$.error.step", "Error Step", "string"),
        ("body.$.error", "Error", "object"),
        ("body.$.createdTime", "Created Time", "string:date-time"),
        ("body.$.lastUpdatedTime", "Last Updated Time", "string:date-time"),
        ("body.$", "Body", "object"),
    ]


def test_raise_asks_for_a_decision_and_gives_what_was_recorded(designer: Designer) -> None:
    assert designer.fields("RaiseDataProcessingApproval") == [
        ("path.$.instanceId", "Instance ID", "string", "required"),
        ("body.$.decision", "Decision", "string", "required"),
        ("body.$.responder", "Responder", "string", "required"),
        ("body.$.comments", "Comments", "string", "important"),
    ]
    assert designer.tokens("RaiseDataProcessingApproval") == [
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.approval", "Approval", "string"),
        ("body.$.result", "Result", "string"),
        ("body.$.decision", "Decision", "string"),
        ("body.$.responder", "Responder", "string"),
        ("body.$.comments", "Comments", "string"),
        ("body.$.decidedAt", "Decided At", "string:date-time"),
        ("body.$", "Body", "object"),
    ]


def test_terminate_and_purge(designer: Designer) -> None:
    assert designer.fields("TerminateDataProcessing") == [
        ("path.$.instanceId", "Instance ID", "string", "required"),
        ("body.$.reason", "Reason", "string", "optional"),
    ]
    assert designer.tokens("TerminateDataProcessing") == [
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.runtimeStatus", "Runtime Status", "string"),
        ("body.$", "Body", "object"),
    ]
    assert designer.fields("PurgeDataProcessing") == [("path.$.instanceId", "Instance ID", "string", "required")]
    assert designer.tokens("PurgeDataProcessing") == [
        ("body.$.instanceId", "Instance ID", "string"),
        ("body.$.deleted", "Deleted Instances", "integer:int32"),
        ("body.$", "Body", "object"),
    ]


SPECS = [
    *sorted(one for one in (ROOT / "spec" / "examples").iterdir() if one.is_dir()),
    *sorted((ROOT / "tests" / "golden").glob("*/workflow.yaml")),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda one: one.parent.name if one.is_file() else one.name)
def test_nothing_of_any_example_is_untyped_or_reads_like_another(spec: Path) -> None:
    files = {one.path: one.content for one in compile_app(spec).connector}
    made = Designer(json.loads(files["apiDefinition.swagger.json"]))
    for operation in made.operations:
        for each in (made.tokens(operation), made.fields(operation)):
            assert all(kind.partition(":")[0] in TYPES and label for _, label, kind, *_ in each), (operation, each)
            labels = [label for _, label, *_ in each]
            assert len(labels) == len(set(labels)), (operation, sorted(labels))


def test_every_shape_of_type_is_typed(connector: MakeConnector) -> None:
    line = ObjectType((Field("sku", StringType()), Field("prices", MapType(NumberType()))), name="Line")
    shapes = ObjectType(
        (
            Field("lines", ArrayType(line)),
            Field("refusedLines", ArrayType(line), required=False),
            Field("grid", ArrayType(ArrayType(NumberType()))),
            Field("totals", MapType(IntegerType())),
            Field("nested", ObjectType((Field("deeper", ObjectType((Field("deepest", BooleanType()),))),))),
            Field("mood", EnumType(("verySad", "happy"))),
        )
    )
    definition = json.loads(connector(taken=shapes, given=shapes)["apiDefinition.swagger.json"])
    tokens = Designer(definition).tokens("GetSomeWorkStatus")
    found = [one for one in tokens if one[0].startswith("body.$.output.")]
    assert found == [
        ("body.$.output.lines.[*].sku", "Output Lines SKU", "string"),
        ("body.$.output.lines.[*].prices", "Output Lines Prices", "object"),
        ("body.$.output.lines.[*]", "Output Lines Item", "object"),
        ("body.$.output.lines", "Output Lines", "array"),
        ("body.$.output.refusedLines.[*].sku", "Output Refused Lines SKU", "string"),
        ("body.$.output.refusedLines.[*].prices", "Output Refused Lines Prices", "object"),
        ("body.$.output.refusedLines.[*]", "Output Refused Lines Item", "object"),
        ("body.$.output.refusedLines", "Output Refused Lines", "array"),
        ("body.$.output.grid.[*].[*]", "Output Grid Item", "number:double"),
        ("body.$.output.grid.[*]", "Output Grid Item", "array"),
        ("body.$.output.grid", "Output Grid", "array"),
        ("body.$.output.totals", "Output Totals", "object"),
        ("body.$.output.nested.deeper.deepest", "Output Nested Deeper Deepest", "boolean"),
        ("body.$.output.nested.deeper", "Output Nested Deeper", "object"),
        ("body.$.output.nested", "Output Nested", "object"),
        ("body.$.output.mood", "Output Mood", "string"),
    ]
    fields = Designer(definition).fields("StartSomeWork")
    assert [one[0] for one in fields if one[3] == "required"] == [
        "body.$.lines",
        "body.$.grid",
        "body.$.totals",
        "body.$.nested.deeper.deepest",
        "body.$.mood",
    ]
    assert {one[2].partition(":")[0] for one in [*tokens, *fields]} <= TYPES


def test_no_two_tokens_of_the_flagship_read_alike(designer: Designer) -> None:
    for operation in designer.operations:
        shown = [label for _, label, _ in designer.tokens(operation)]
        assert len(shown) == len(set(shown)), operation
