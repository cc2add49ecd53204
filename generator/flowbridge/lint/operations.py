"""Rules on operations: how they are named, what they answer, and that the designer can read the answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from flowbridge.lint.definition import Definition, Operation, node, step
from flowbridge.lint.finding import Finding

ID_LIMIT, SUMMARY_LIMIT, COUNT_LIMIT = 80, 80, 256
_KEYS = frozenset(
    {
        *("tags", "summary", "description", "externalDocs", "operationId", "produces", "consumes", "parameters"),
        *("responses", "schemes", "deprecated", "security", "x-ms-api-annotation", "x-ms-capabilities"),
        *("x-ms-no-generic-test", "x-ms-operation-context", "x-ms-pageable", "x-ms-safe-operation", "x-ms-summary"),
        *("x-ms-visibility", "x-ms-trigger", "x-ms-trigger-hint", "x-ms-trigger-metadata", "x-ms-notification"),
        *("x-ms-openai-data", "x-ms-openai-manifest", "x-ms-keywords", "x-ms-require-user-confirmation"),
        *("x-ms-name-for-model", "x-ms-description-for-model"),
    }
)
_ELSEWHERE = frozenset(
    {
        *("x-ms-notification-content", "x-ms-notification-url", "x-ms-url-encoding", "x-ms-dynamic-values"),
        *("x-ms-dynamic-list", "x-ms-dynamic-schema", "x-ms-dynamic-properties", "x-ms-enum-values"),
        *("x-ms-trigger-value", "x-ms-media-kind", "x-ms-connector-metadata"),
    }
)


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    if len(definition.operations) > COUNT_LIMIT:
        words = f"there are {len(definition.operations)} operations; {COUNT_LIMIT} may be"
        yield Finding("TotalOperationsCountExceedsMaxAllowed", "/paths", words)
    ids = Counter(str(one.value.get("operationId")).casefold() for one in definition.operations)
    for one in definition.operations:
        if ids[str(one.value.get("operationId")).casefold()] > 1 and "operationId" in one.value:
            yield Finding("OperationIdNotUnique", step(one.pointer, "operationId"), f"{one.id} stands more than once")
        yield from _named(one)
        yield from _extensions(one)
        yield from _responses(definition, one)


def _named(one: Operation) -> Iterator[Finding]:
    found = one.value.get("operationId")
    if not isinstance(found, str) or not found:
        yield Finding("OperationIdRequired", one.pointer, "the property operationId is required")
    else:
        where = step(one.pointer, "operationId")
        # Microsoft names a later revision `GetItems_V2`, so that its own rule is not taken to the letter.
        base = re.sub(r"_V[1-9][0-9]*$", "", found)
        if (sane := re.sub(r"[^A-Za-z0-9]", "", base)) != base:
            yield Finding("OperationIdSanitized", where, f"it is shortened to {sane}: letters and digits only")
        if len(found) > ID_LIMIT:
            yield Finding("OperationIdTooLong", where, f"it has {len(found)} characters; {ID_LIMIT} may be")
    summary, told = one.value.get("summary"), one.value.get("description")
    if not isinstance(summary, str) or not summary.strip():
        yield Finding("SummaryMissing", one.pointer, "the operation has no summary, by which makers know it")
    else:
        where = step(one.pointer, "summary")
        if len(summary) > SUMMARY_LIMIT:
            yield Finding("OperationSummaryTooLong", where, f"it has {len(summary)} characters; {SUMMARY_LIMIT} may be")
        if re.search(r"[/\\<>{}\[\]*&^%$#@!~`|=+\"?;:]", summary):
            yield Finding("RestrictedCharactersInSummary", where, "letters, digits, spaces and parentheses only")
    if not isinstance(told, str) or not told.strip():
        yield Finding("DescriptionMissing", one.pointer, "the operation has no description")
    elif isinstance(summary, str) and _letters(summary) == _letters(told):
        yield Finding("DescriptionRepeatsSummary", step(one.pointer, "description"), "it says no more than the summary")


def _extensions(one: Operation) -> Iterator[Finding]:
    for name in one.value:
        where = step(one.pointer, name)
        if name in _ELSEWHERE:
            yield Finding("ExtensionMisplaced", where, f"{name} may not stand on an operation")
        elif name not in _KEYS and name.startswith("x-ms-"):
            yield Finding("UnknownExtension", where, f"{name} means nothing to the platform")
        elif name not in _KEYS and not name.startswith("x-"):
            yield Finding("ExtensionNameNotValid", where, f"the property {name} means nothing here")
    visibility = one.value.get("x-ms-visibility")
    if visibility is not None and visibility not in ("important", "advanced", "internal"):
        words = "the visibility is important, advanced or internal"
        yield Finding("JsonValueNotInEnum", step(one.pointer, "x-ms-visibility"), words)
    trigger = one.value.get("x-ms-trigger")
    if trigger is not None and trigger not in ("single", "batch"):
        yield Finding("JsonValueNotInEnum", step(one.pointer, "x-ms-trigger"), "a trigger is single or batch")
    link = node(one.value.get("x-ms-pageable")).get("nextLinkName")
    if link is not None and link not in ("nextLink", "@odata.nextLink"):
        where = step(one.pointer, "x-ms-pageable", "nextLinkName")
        yield Finding("InvalidNextLinkNameValue", where, "the name is nextLink or @odata.nextLink")
    if "parameters" not in one.value and "parameters" in one.item:
        words = "the designer stumbles over an operation without the key where its path has parameters: add []"
        yield Finding("ParametersMissing", one.pointer, words)


def _responses(definition: Definition, one: Operation) -> Iterator[Finding]:
    responses = node(one.value.get("responses"))
    where = step(one.pointer, "responses")
    if not responses:
        yield Finding("OperationMustHaveResponse", one.pointer, "at least one response is required")
        return
    for code, response in responses.items():
        if not re.fullmatch(r"[1-5]\d\d|default", code) and not code.startswith("x-"):
            yield Finding("ResponseMustBeDefaultOrHttpStatusCode", step(where, code), f"{code} is no status")
        if "description" not in definition.resolve(response) and not code.startswith("x-"):
            yield Finding("RequiredPropertyMissing", step(where, code), "the property description is required")
    good = [code for code in responses if code.startswith("2")]
    if not good:
        yield Finding("OperationShouldHaveSuccessfulResponse", where, "no response says that it worked")
    typed = [code for code in responses if "schema" in definition.resolve(responses[code])]
    if "default" in typed:
        yield Finding("DefaultResponseHasSchema", step(where, "default", "schema"), "only the success has a schema")
    if len([code for code in typed if code != "default"]) > 1:
        words = f"{', '.join(typed)} have schemas; the designer reads one of them"
        yield Finding("OperationHasManyResponsesWithSchema", where, words)
    if good == ["202"]:
        words = "with 202 alone the platform waits for the operation, and the designer may not see its output"
        yield Finding("OnlyAcceptedResponse", where, words)
    hidden = one.value.get("x-ms-visibility") == "internal"
    content = node(one.item.get("x-ms-notification-content"))
    if not hidden and "schema" not in content and not {"200", "201"} & set(typed) and one.method != "delete":
        yield Finding("SchemaDefinitionSetIncorrectly", where, "neither 200 nor 201 has a schema: there is no output")
    if typed and node(definition.resolve(responses[typed[0]]).get("schema")) == {}:
        yield Finding("UntypedOutput", step(where, typed[0], "schema"), "an empty schema gives one untyped output")


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
