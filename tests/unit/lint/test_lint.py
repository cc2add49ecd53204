"""60 connectors with one defect each: every defect is found, under the id of its rule, and a sound one has none."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from flowbridge.compiler import compile_app
from flowbridge.lint import lint_definition, lint_text
from flowbridge.lint.finding import OWN

ROOT = Path(__file__).resolve().parents[3]
JUDGES = Path(os.environ.get("FLOWBRIDGE_JUDGES") or ROOT.parent / "shared" / "judges")
Node = dict[str, Any]
Change = Callable[[Node], object]

START, STATUS = "/api/data_processing/start", "/api/data_processing/instances/{instanceId}"
WAIT, LIST = "/api/data_processing/run-and-wait", "/api/data_processing/instances"
FINISHED = "/api/data_processing/subscriptions/finished"


def op(d: Node, path: str = START, method: str = "post") -> Node:
    return d["paths"][path][method]


def parameter(d: Node, path: str = STATUS, method: str = "get", at: int = 0) -> Node:
    return op(d, path, method)["parameters"][at]


def schema(d: Node, name: str = "StartDataProcessingBody") -> Node:
    return d["definitions"][name]


def field(d: Node, name: str = "dataSource", owner: str = "StartDataProcessingBody") -> Node:
    return schema(d, owner)["properties"][name]


def callback(d: Node) -> Node:
    return field(d, "callbackUrl", "WhenDataProcessingFinishedBody")


def recursive(d: Node) -> None:
    d["definitions"]["Tree"] = {"type": "object", "properties": {"below": {"$ref": "#/definitions/Tree"}}}
    field(d, "output", "GetDataProcessingStatusResult")["properties"]["tree"] = {"$ref": "#/definitions/Tree"}


def endless(d: Node) -> None:
    recursive(d)
    d["definitions"]["Tree"]["required"] = ["below"]


def add_path(d: Node, path: str, name: str) -> None:
    made = copy.deepcopy(op(d, LIST, "get"))
    made["operationId"] = name
    d["paths"][path] = {"get": made}


def only_accepted(d: Node) -> None:
    op(d)["responses"] = {"202": op(d)["responses"]["200"]}


def body_in_get(d: Node) -> None:
    op(d, LIST, "get")["parameters"].append(copy.deepcopy(parameter(d, START, "post")))


def path_level(d: Node) -> None:
    d["paths"][STATUS]["parameters"] = [parameter(d)]
    del op(d, STATUS, "get")["parameters"]


def depth(d: Node) -> None:
    inner: Node = {"type": "string"}
    for _ in range(35):
        inner = {"type": "object", "properties": {"in": inner}}
    field(d)["properties"] = {}
    schema(d)["properties"]["deep"] = inner


DEFECTS: list[tuple[str, str, Change]] = [
    # what no public linter finds
    ("only-202", "OnlyAcceptedResponse", only_accepted),
    ("recursive", "RecursiveSchema", recursive),
    ("required-loop", "RequiredLoopInSchemaNotAllowed", endless),
    ("body-in-get", "BodyOrFormDataParameterInFetchOperationNotAllowed", body_in_get),
    (
        "default-schema",
        "DefaultResponseHasSchema",
        lambda d: op(d)["responses"]["default"].update(schema={"type": "object"}),
    ),
    (
        "two-schemas",
        "OperationHasManyResponsesWithSchema",
        lambda d: op(d)["responses"]["400"].update(schema={"type": "object"}),
    ),
    ("path-case", "PathRedefined", lambda d: add_path(d, LIST.upper(), "Again")),
    ("path-clash", "PartialDuplicateOperationPath", lambda d: add_path(d, LIST + "/latest", "Latest")),
    ("url-visible", "NotificationUrlNotInternal", lambda d: callback(d).pop("x-ms-visibility")),
    (
        "url-optional",
        "NotificationUrlNotRequired",
        lambda d: schema(d, "WhenDataProcessingFinishedBody").pop("required"),
    ),
    ("body-optional", "NotificationUrlNotRequired", lambda d: parameter(d, FINISHED, "post").update(required=False)),
    (
        "no-content",
        "OperationMustHaveNotificationContentExtension",
        lambda d: d["paths"][FINISHED].pop("x-ms-notification-content"),
    ),
    (
        "url-in-answer",
        "NotificationUrlNotAllowedInThisPosition",
        lambda d: field(d, "step", "GetDataProcessingStatusResult").update({"x-ms-notification-url": True}),
    ),
    ("internal-required", "InternalRequiredNeedsDefault", lambda d: field(d).update({"x-ms-visibility": "internal"})),
    ("id-characters", "OperationIdSanitized", lambda d: op(d).update(operationId="Start_Data-Processing")),
    ("long-summary", "OperationSummaryTooLong", lambda d: op(d).update(summary="Start " + "very " * 30 + "long")),
    (
        "query-encoding",
        "QueryParameterEncodingNotSupported",
        lambda d: parameter(d, LIST).update({"x-ms-url-encoding": "single"}),
    ),
    (
        "all-of",
        "UntypedOutput",
        lambda d: d["definitions"].update(
            StartDataProcessingResult={"allOf": [schema(d, "StartDataProcessingResult")]}
        ),
    ),
    (
        "unknown-dynamic",
        "OperationIdNotFound",
        lambda d: parameter(d)["x-ms-dynamic-values"].update(operationId="Nowhere"),
    ),
    ("long-title", "FieldLengthNotInRange", lambda d: d["info"].update(title="A title that is much too long for it")),
    ("read-only", "RequiredReadOnlyPropertyNotAllowedAsInput", lambda d: field(d).update(readOnly=True)),
    ("no-metadata", "ConnectorMetadataPropertiesMissing", lambda d: d.pop("x-ms-connector-metadata")),
    ("connection-id", "ConnectionIdParameterNotAllowed", lambda d: parameter(d, LIST).update(name="connectionId")),
    # what one or more of the public linters find
    ("version", "SpecificationVersionIncorrect", lambda d: d.update(swagger="3.0.0")),
    ("no-title", "RequiredPropertyMissing", lambda d: d["info"].pop("title")),
    ("host-scheme", "HostNameNotValid", lambda d: d.update(host="https://x.example.com")),
    ("base-path", "BasePathNotValid", lambda d: d.update(basePath="api")),
    ("scheme", "SchemeNotValid", lambda d: d.update(schemes=["ftp"])),
    ("web-socket", "SchemeNotSupported", lambda d: d.update(schemes=["wss"])),
    ("no-schemes", "SchemesArrayEmpty", lambda d: d.update(schemes=[])),
    ("security", "SecurityRequirementMustBeDefined", lambda d: d.update(security=[{"Nobody": []}])),
    ("path-slash", "OperationPathMustStartWithSlash", lambda d: add_path(d, "api/x", "X")),
    ("path-query", "OperationPathMayNotContainQueryOrFragment", lambda d: add_path(d, "/api/x?y=1", "X")),
    ("path-twin", "DuplicateOperationPath", lambda d: add_path(d, LIST + "/{other}", "Other")),
    ("path-reference", "PathItemRefNotSuppored", lambda d: d["paths"][LIST].update({"$ref": "#/paths/x"})),
    ("id-twice", "OperationIdNotUnique", lambda d: op(d).update(operationId="GetDataProcessingStatus")),
    ("no-id", "OperationIdRequired", lambda d: op(d).pop("operationId")),
    ("no-summary", "SummaryMissing", lambda d: op(d).pop("summary")),
    ("no-responses", "OperationMustHaveResponse", lambda d: op(d).update(responses={})),
    ("no-success", "OperationShouldHaveSuccessfulResponse", lambda d: op(d)["responses"].pop("200")),
    ("path-undefined", "OperationMissingPathParameter", lambda d: op(d, STATUS, "get").update(parameters=[])),
    ("path-unused", "PathParameterNotDefinedInTemplate", lambda d: parameter(d).update(name="other")),
    ("path-optional", "PathParameterMustBeRequired", lambda d: parameter(d).update(required=False)),
    (
        "two-bodies",
        "OperationParametersContainMultipleBodyParameters",
        lambda d: op(d)["parameters"].append({**parameter(d, START, "post"), "name": "b"}),
    ),
    (
        "body-and-form",
        "ParameterListContainsFormDataAndBody",
        lambda d: op(d)["parameters"].append({"name": "f", "in": "formData", "type": "string", "x-ms-summary": "F"}),
    ),
    (
        "parameter-twice",
        "OperationParametersContainDuplicateParameter",
        lambda d: op(d, LIST, "get")["parameters"].append(parameter(d, LIST)),
    ),
    ("visibility", "JsonValueNotInEnum", lambda d: field(d).update({"x-ms-visibility": "Important"})),
    ("trigger", "JsonValueNotInEnum", lambda d: op(d, FINISHED).update({"x-ms-trigger": "always"})),
    ("misspelt", "UnknownExtension", lambda d: field(d).update({"x-ms-sumamry": "Data"})),
    (
        "content-on-operation",
        "ExtensionMisplaced",
        lambda d: op(d).update({"x-ms-notification-content": {"schema": {"type": "object"}}}),
    ),
    ("format", "UnrecognizedTypeFormat", lambda d: field(d).update(format="guid")),
    ("array", "ArrayHasNoItems", lambda d: field(d).update(type="array")),
    ("any-of", "SwaggerKeywordNotSupported", lambda d: field(d).update(anyOf=[{"type": "string"}])),
    ("type-list", "JsonTypeIncorrect", lambda d: field(d).update(type=["string", "null"])),
    (
        "reference",
        "SchemaReferenceNotFound",
        lambda d: parameter(d, START, "post").update(schema={"$ref": "#/definitions/Nowhere"}),
    ),
    (
        "reference-sibling",
        "AdditionalPropertyNotAllowedAdjacentToRef",
        lambda d: parameter(d, START, "post")["schema"].update(description="x"),
    ),
    ("required-unknown", "RequiredPropertyDefinitionMissing", lambda d: schema(d)["required"].append("nothing")),
    ("enum-type", "InvalidEnumValue", lambda d: field(d).update(enum=["a", 1])),
    ("default-type", "DefaultValueMustMatchType", lambda d: field(d, "recordCount").update(default="ten")),
    ("pattern", "PatternShouldBeValidRegularExpression", lambda d: field(d).update(pattern="[")),
]
FURTHER: list[tuple[str, str, Change]] = [
    ("path-level-parameters", "ParametersMissing", path_level),
    ("untyped", "UntypedOutput", lambda d: field(d, "step", "GetDataProcessingStatusResult").pop("type")),
    ("title", "TitlePrefixesTokens", lambda d: schema(d, "GetDataProcessingStatusResult").update(title="Result")),
    ("no-label", "LabelMissing", lambda d: parameter(d).pop("x-ms-summary")),
    ("no-encoding", "PathParameterMissingEncoding", lambda d: parameter(d).pop("x-ms-url-encoding")),
    ("shared-webhook", "WebhookPathShared", lambda d: d["paths"][FINISHED].update({"delete": op(d, STATUS, "delete")})),
    ("no-url", "WebhookOperationsMissingNotificationUrlProperty", lambda d: callback(d).pop("x-ms-notification-url")),
    ("url-number", "NotificationUrlNotString", lambda d: callback(d).update(type="integer")),
    (
        "no-array",
        "InvokedOperationShouldProduceArray",
        lambda d: parameter(d)["x-ms-dynamic-list"].update(itemsPath="values"),
    ),
    (
        "no-property",
        "InvokedOperationShouldProduceProperty",
        lambda d: parameter(d)["x-ms-dynamic-list"].update(itemTitlePath="name"),
    ),
    (
        "no-argument",
        "OperationParameterNameNotFound",
        lambda d: parameter(d)["x-ms-dynamic-list"].update(parameters={"x": {"value": 1}}),
    ),
    (
        "internal-default",
        "InternalPropertyWithDefaultOptional",
        lambda d: field(d, "instanceId").update({"x-ms-visibility": "internal", "default": "x"}),
    ),
    ("characters", "RestrictedCharactersInSummary", lambda d: op(d).update(summary="Start/stop")),
    ("kept-word", "ValueContainsRestrictedWords", lambda d: d["info"].update(title="Orders API")),
    ("mime", "MimeTypeNotSupported", lambda d: d.update(consumes=["application/xml"])),
    ("empty-required", "RequiredPropertyArrayEmpty", lambda d: schema(d).update(required=[])),
    ("empty-enum", "EnumMustContainAtLeastOneElement", lambda d: field(d).update(enum=[])),
    (
        "display-twice",
        "DuplicateEnumValuesInExtension",
        lambda d: field(d).update(
            {
                "enum": ["a"],
                "x-ms-enum-values": [{"value": "a", "displayName": "A"}, {"value": "a", "displayName": "B"}],
            }
        ),
    ),
    ("repeats", "DescriptionRepeatsSummary", lambda d: op(d).update(description=op(d)["summary"] + ".")),
    ("no-output", "SchemaDefinitionSetIncorrectly", lambda d: op(d)["responses"]["200"].pop("schema")),
    ("empty-schema", "UntypedOutput", lambda d: op(d)["responses"]["200"].update(schema={})),
    ("deep", "SchemaTooDeep", depth),
    (
        "large-body",
        "BodySchemaCountExceedsMaxAllowed",
        lambda d: schema(d)["properties"].update({f"f{n}": {"type": "string"} for n in range(520)}),
    ),
    (
        "many-operations",
        "TotalOperationsCountExceedsMaxAllowed",
        lambda d: [add_path(d, f"/api/n{n}", f"N{n}") for n in range(250)],
    ),
    (
        "revision",
        "OperationFamilyHasDuplicateRevisions",
        lambda d: [
            op(d, *p).update({"x-ms-api-annotation": {"family": "F", "revision": 1}})
            for p in ((START, "post"), (LIST, "get"))
        ],
    ),
]


START_IT, LIST_IT, STATUS_IT = (START, "post"), (LIST, "get"), (STATUS, "get")


def revisions(*members: tuple[tuple[str, str], str, Node, bool]) -> Change:
    """A family of operations: each with its place, its id, its annotation, and whether it is deprecated."""

    def change(d: Node) -> None:
        for at, name, annotation, deprecated in members:
            one = op(d, *at)
            one["operationId"] = name
            one["x-ms-api-annotation"] = {"family": "Act", **annotation}
            if deprecated:
                one["deprecated"] = True

    return change


NEWER: Node = {"api": "some", "operationId": "Act_V2"}
ANNOTATIONS: list[tuple[str, str | None, Change]] = [
    ("one", None, revisions((START_IT, "Act", {"revision": 1}, False))),
    ("two", None, revisions((START_IT, "Act", {"revision": 1, "replacement": NEWER}, True),
                            (LIST_IT, "Act_V2", {"revision": 2, "status": "Production"}, False))),
    ("ten", None, revisions((START_IT, "Act_V10", {"revision": 10}, False))),
    ("preview", None, revisions((START_IT, "Act", {"revision": 1, "status": "Production"}, False),
                                (LIST_IT, "Act_V2", {"revision": 2, "status": "Preview"}, False))),
    ("same", "OperationFamilyHasDuplicateRevisions", revisions((START_IT, "Act", {"revision": 1}, True),
                                                               (LIST_IT, "Acts", {"revision": 1}, False))),
    ("id", "OperationIdShouldEndWithRevision", revisions((START_IT, "Act", {"revision": 2}, False))),
    ("other-id", "OperationIdShouldEndWithRevision", revisions((START_IT, "Act_V12", {"revision": 2}, False))),
    ("active", "OperationFamilyHasManyActiveProductionOperations",
     revisions((START_IT, "Act", {"revision": 1, "status": "Production"}, False),
               (LIST_IT, "Act_V2", {"revision": 2, "status": "Production"}, False))),
    ("three", "OperationFamilyHasManyActiveOperations", revisions((START_IT, "Act", {"revision": 1}, False),
                                                                  (LIST_IT, "Act_V2", {"revision": 2}, False),
                                                                  (STATUS_IT, "Act_V3", {"revision": 3}, False))),
    ("empty", "OperationRevisionEmpty", revisions((START_IT, "Act", {}, False))),
    ("replaced", "ApiAnnotationExtensionReplacementInfoForNonDeprecatedOperations",
     revisions((START_IT, "Act", {"revision": 1, "replacement": NEWER}, False))),
    ("no-api", "ApiAnnotationExtensionReplacementInfoMissingApiProperty",
     revisions((START_IT, "Act", {"revision": 1, "replacement": {"operationId": "X"}}, True))),
    ("no-id", "ApiAnnotationExtensionReplacementInfoMissingOperationIdProperty",
     revisions((START_IT, "Act", {"revision": 1, "replacement": {"api": "x"}}, True))),
    ("status", "JsonValueNotInEnum", revisions((START_IT, "Act", {"revision": 1, "status": "Deprecated"}, False))),
    ("zero", "JsonTypeIncorrect", revisions((START_IT, "Act", {"revision": 0}, False))),
    ("text", "JsonTypeIncorrect", revisions((START_IT, "Act", {"revision": "1"}, False))),
    ("family", "JsonTypeIncorrect", revisions((START_IT, "Act", {"family": 1, "revision": 1}, False))),
    ("no-object", "JsonTypeIncorrect", lambda d: op(d).update({"x-ms-api-annotation": "Production"})),
    ("suffix", "OperationIdSanitized", lambda d: op(d).update(operationId="Act_V0")),
    ("suffix-inside", "OperationIdSanitized", lambda d: op(d).update(operationId="Act_V2_Now")),
    ("underscore", "OperationIdSanitized", lambda d: op(d).update(operationId="Act_now")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change"), [one[1:] for one in ANNOTATIONS], ids=[one[0] for one in ANNOTATIONS])
def test_revisions_of_an_operation(sound: Node, rule: str | None, change: Change) -> None:
    """Each of them breaks this rule alone, or none."""
    changed = copy.deepcopy(sound)
    change(changed)
    assert {one.rule for one in lint_definition(changed)} == ({rule} if rule else set())


def test_no_two_operations_of_a_family_may_be_without_a_revision(sound: Node) -> None:
    changed = copy.deepcopy(sound)
    revisions((START_IT, "Act", {}, False), (LIST_IT, "Acts", {}, True))(changed)
    found = {one.rule for one in lint_definition(changed)}
    assert found == {"OperationRevisionEmpty", "OperationFamilyHasManyEmptyRevisions"}


@pytest.fixture(scope="module")
def sound() -> Node:
    """The flagship's definition, with what certification asks for and a build cannot know."""
    files = {one.path: one.content for one in compile_app(ROOT / "spec" / "data_processing.yaml").connector}
    definition = json.loads(files["apiDefinition.swagger.json"])
    given = {"Website": "https://example.com", "Privacy policy": "https://example.com/p", "Categories": "Data"}
    metadata = [{"propertyName": name, "propertyValue": value} for name, value in given.items()]
    return {**definition, "x-ms-connector-metadata": metadata}


def test_a_sound_definition_has_no_findings(sound: Node) -> None:
    assert lint_definition(sound) == ()


def test_there_are_60_defects() -> None:
    assert len(DEFECTS) == len({name for name, *_ in DEFECTS}) == 60


@pytest.mark.parametrize(
    ("rule", "change"), [one[1:] for one in DEFECTS + FURTHER], ids=[d[0] for d in DEFECTS + FURTHER]
)
def test_a_defect_is_found_by_its_rule(sound: Node, rule: str, change: Change) -> None:
    broken = copy.deepcopy(sound)
    change(broken)
    assert broken != sound
    found = lint_definition(broken)
    assert rule in {one.rule for one in found}, [str(one) for one in found]


def test_the_rules_have_microsofts_names() -> None:
    path = JUDGES / "connector-validator-rules.json"
    if not path.is_file():
        pytest.skip("the names of Microsoft's rules are not there (FLOWBRIDGE_JUDGES)")
    known = {one["rule"] for one in json.loads(path.read_text())["rules"]}
    code = "".join(one.read_text() for one in (ROOT / "generator" / "flowbridge" / "lint").glob("*.py"))
    used = {rule for _, rule, _ in [*DEFECTS, *FURTHER, *ANNOTATIONS] if rule is not None}
    assert used <= known | set(OWN)
    named = {name for name in known if f'"{name}"' in code}
    assert len(named) > 100
    assert not known & set(OWN)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000, b"null"])
def test_what_is_no_definition_is_told_as_that(content: bytes) -> None:
    assert [one.rule for one in lint_text(content)] == ["NotJson"]


def test_whatever_stands_anywhere_is_no_crash(sound: Node) -> None:
    """Every value of the definition is replaced by each of a few others, one at a time."""
    text = json.dumps(sound)
    count = 0
    for pointer in list(pointers(sound))[::41]:
        for wrong in cast(list[Any], [None, [], {}, "x", 3, True]):
            broken = json.loads(text)
            owner: Any = broken
            for part in pointer[:-1]:
                owner = owner[part]
            owner[pointer[-1]] = wrong
            lint_definition(broken)
            count += 1
    assert count > 200


def pointers(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(cast(Node, value).items())
    elif isinstance(value, list):
        inner = list(enumerate(cast(list[Any], value)))
    for key, one in inner:
        yield (*before, key)
        yield from pointers(one, (*before, key))
