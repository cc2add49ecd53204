"""Rules on `x-ms-api-annotation`: revisions of one operation, which of them is in use, and what replaces the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowbridge.lint.definition import Definition, Node, Operation, node, step
from flowbridge.lint.finding import Finding

_NAME = "x-ms-api-annotation"


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    connector = node(node(definition.value.get("info")).get(_NAME)).get("status")
    families: dict[str, list[Operation]] = {}
    for one in definition.operations:
        annotation = _annotation(one)
        if _NAME in one.value:
            yield from _values(one, annotation)
            yield from _replacement(one, annotation)
        if annotation.get("status") == "Production" and connector == "Preview":
            yield Finding("OperationStatusAheadOfConnector", step(one.pointer, _NAME), "the connector is a preview")
        if isinstance(family := annotation.get("family"), str):
            families.setdefault(family, []).append(one)
    for family, members in families.items():
        yield from _revisions(family, members)
        yield from _active(family, members)


def _annotation(one: Operation) -> Node:
    return node(one.value.get(_NAME))


def _values(one: Operation, annotation: Node) -> Iterator[Finding]:
    """What an annotation says, by itself."""
    where = step(one.pointer, _NAME)
    if not isinstance(one.value[_NAME], dict):
        yield Finding("JsonTypeIncorrect", where, "the annotation is an object")
    if "family" in annotation and not isinstance(annotation["family"], str):
        yield Finding("JsonTypeIncorrect", step(where, "family"), "the family is the id of an operation")
    revision = annotation.get("revision")
    if "revision" in annotation and _number(one) is None:
        yield Finding("JsonTypeIncorrect", step(where, "revision"), f"{revision!r} is no whole number from 1 on")
    if annotation.get("status") not in (None, "Preview", "Production"):
        yield Finding("JsonValueNotInEnum", step(where, "status"), "the status is Preview or Production")
    if "family" in annotation and "revision" not in annotation:
        yield Finding("OperationRevisionEmpty", where, "the revision is missing")


def _replacement(one: Operation, annotation: Node) -> Iterator[Finding]:
    """What replaces a deprecated operation."""
    if "replacement" not in annotation:
        return
    where, replacement = step(one.pointer, _NAME, "replacement"), node(annotation["replacement"])
    if one.value.get("deprecated") is not True:
        rule = "ApiAnnotationExtensionReplacementInfoForNonDeprecatedOperations"
        yield Finding(rule, where, "only a deprecated operation is replaced")
    if not isinstance(replacement.get("operationId"), str):
        rule = "ApiAnnotationExtensionReplacementInfoMissingOperationIdProperty"
        yield Finding(rule, where, "the replacement has no operationId")
    if not isinstance(replacement.get("api"), str):
        rule = "ApiAnnotationExtensionReplacementInfoMissingApiProperty"
        yield Finding(rule, where, "the replacement has no api")


def _revisions(family: str, members: Sequence[Operation]) -> Iterator[Finding]:
    """The revisions of a family differ, and all but the first are in the operations' ids."""
    seen: dict[int, str] = {}
    for one in members:
        where, revision = step(one.pointer, _NAME), _number(one)
        if revision is None:
            continue
        if revision in seen:
            words = f"{seen[revision]} is revision {revision} of {family}, too"
            yield Finding("OperationFamilyHasDuplicateRevisions", where, words)
        seen.setdefault(revision, one.id)
        if revision > 1 and not one.id.endswith(f"V{revision}"):
            words = f"the operation's id should end with _V{revision}"
            yield Finding("OperationIdShouldEndWithRevision", where, words)
    empty = [one for one in members if "revision" not in _annotation(one)]
    for one in empty[1:]:
        words = f"{empty[0].id} of the family {family} has no revision either"
        yield Finding("OperationFamilyHasManyEmptyRevisions", step(one.pointer, _NAME), words)


def _active(family: str, members: Sequence[Operation]) -> Iterator[Finding]:
    """One operation of a family is in use, and perhaps a preview of the next one."""
    active = [one for one in members if one.value.get("deprecated") is not True]
    for one in active[2:]:
        words = f"{active[0].id} and {active[1].id} of the family {family} are in use; deprecate the older ones"
        yield Finding("OperationFamilyHasManyActiveOperations", step(one.pointer, _NAME), words)
    ready = [one for one in active if _annotation(one).get("status") == "Production"]
    for one in ready[1:]:
        words = f"{ready[0].id} of the family {family} is in use, too; deprecate the older one"
        yield Finding("OperationFamilyHasManyActiveProductionOperations", step(one.pointer, _NAME), words)


def _number(one: Operation) -> int | None:
    """The revision of an operation; None where it is none."""
    found = _annotation(one).get("revision")
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 1 else None
