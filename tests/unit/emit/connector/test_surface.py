"""The surface lock: the seven changes that break flows are told, whatever else may change passes, no lock guessed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flowbridge.cli import cli
from flowbridge.compiler import compile_app
from flowbridge.emit.connector.surface import Surface, breaks, surface
from flowbridge.emit.connector.surface_lock import LockError, lock_text, read_lock

ROOT = Path(__file__).resolve().parents[4]
START, STATUS = "/api/data_processing/start", "/api/data_processing/instances/{instanceId}"
Node = dict[str, Any]


@pytest.fixture(scope="module")
def definition() -> Node:
    files = {one.path: one.content for one in compile_app(ROOT / "spec" / "data_processing.yaml").connector}
    lock = read_lock(files["surface.lock"].decode())
    made = json.loads(files["apiDefinition.swagger.json"])
    assert lock == surface(made)
    return made


def output(d: Node) -> Node:
    return d["definitions"]["GetDataProcessingStatusResult"]["properties"]["output"]["properties"]


def body(d: Node) -> Node:
    return d["definitions"]["StartDataProcessingBody"]


def listing(d: Node) -> Node:
    return d["paths"]["/api/data_processing/instances"]["get"]


def move(d: Node) -> None:
    listing(d)["parameters"][0]["in"] = "header"


def move_into_the_body(d: Node) -> None:
    """The same input, of the same name, among the fields of the body."""
    one = listing(d)["parameters"].pop(0)
    properties = {one["name"]: {"type": "string"}}
    listing(d)["parameters"].append({"name": "body", "in": "body", "schema": {"properties": properties}})


def event(d: Node) -> Node:
    """What flows are called back with by a trigger."""
    return d["definitions"]["WhenDataProcessingFinishedNotification"]["properties"]


def no_callback(d: Node) -> None:
    del d["paths"]["/api/data_processing/subscriptions/finished"]["x-ms-notification-content"]


def nested(d: Node, *names: str) -> Node:
    """The objects of those names inside the input, made where they are not; a name that ends with [] is a list."""
    inner = body(d)
    for name in names:
        found = inner.setdefault("properties", {}).setdefault(name.removesuffix("[]"), {"type": "object"})
        if name.endswith("[]"):
            found["type"] = "array"
            found = found.setdefault("items", {"type": "object"})
        inner = found
    return inner


BREAKING: list[tuple[str, Callable[[Node], object]]] = [
    ("operation deleted", lambda d: d["paths"][STATUS].pop("get")),
    ("operation deleted", lambda d: d["paths"][START]["post"].update(operationId="StartIt")),
    ("path changed", lambda d: d["paths"].update({"/api/go": d["paths"].pop(START)})),
    ("parameter moved", move),
    ("required input added", lambda d: body(d)["required"].append("instanceId")),
    (
        "required input added",
        lambda d: (body(d)["properties"].update(x={"type": "string"}), body(d)["required"].append("x")),
    ),
    ("output deleted", lambda d: output(d).pop("reportPath")),
    ("output type changed", lambda d: output(d)["reportPath"].update(type="boolean")),
    ("output format changed", lambda d: output(d)["recordsProcessed"].update(format="int32")),
    ("output format changed", lambda d: output(d)["reportPath"].update(format="uri")),
    ("path changed", lambda d: d["paths"][STATUS].update(post=d["paths"][STATUS].pop("get"))),
    ("parameter moved", move_into_the_body),
    ("output deleted", lambda d: event(d).pop("endedAt")),
    ("output type changed", lambda d: event(d)["instanceId"].update(type="integer")),
    ("output format changed", lambda d: event(d)["endedAt"].pop("format")),
    ("output deleted", no_callback),
]
HARMLESS: list[Callable[[Node], object]] = [
    lambda d: body(d)["properties"].update(x={"type": "string"}),
    lambda d: body(d)["required"].remove("recordCount"),
    lambda d: output(d).update(x={"type": "string"}),
    lambda d: d["paths"][START]["post"].update(summary="Begin"),
    lambda d: d["paths"].update({"/api/x": {"get": {**d["paths"][STATUS]["get"], "operationId": "X"}}}),
    lambda d: output(d)["status"].update(enum=["New"]),
    lambda d: event(d).update(x={"type": "string"}),
    lambda d: listing(d)["parameters"].pop(0),
    lambda d: nested(d, "address").update(properties={"zip": {"type": "string"}}, required=["zip"]),
]

NESTED: list[tuple[tuple[str, ...], str]] = [
    (("address",), "address.zip"),
    (("lines[]",), "lines[].zip"),
    (("lines[]", "to"), "lines[].to.zip"),
    (("grid[]", "cells[]"), "grid[].cells[].zip"),
]


@pytest.mark.parametrize(("kind", "change"), BREAKING)
def test_a_breaking_change_is_told(definition: Node, kind: str, change: Callable[[Node], object]) -> None:
    changed = copy.deepcopy(definition)
    change(changed)
    found = breaks(surface(definition), surface(changed))
    assert {one.kind for one in found} == {kind}, found


@pytest.mark.parametrize(("names", "shown"), NESTED)
def test_a_required_input_is_seen_at_every_depth(definition: Node, names: tuple[str, ...], shown: str) -> None:
    """Whoever fills in an optional object, or an item of a list, must fill in what is required there."""
    old = copy.deepcopy(definition)
    nested(old, *names).update(properties={"city": {"type": "string"}}, required=["city"])
    new = copy.deepcopy(old)
    nested(new, *names)["properties"]["zip"] = {"type": "string"}
    assert breaks(surface(old), surface(new)) == ()
    nested(new, *names)["required"].append("zip")
    assert {one.what for one in breaks(surface(old), surface(new))} == {f"the input {shown} is new and required"}


def test_an_object_that_becomes_required_is_seen_though_nothing_in_it_is(definition: Node) -> None:
    old = copy.deepcopy(definition)
    nested(old, "address").update(properties={"city": {"type": "string"}})
    new = copy.deepcopy(old)
    body(new)["required"].append("address")
    assert {one.what for one in breaks(surface(old), surface(new))} == {"the input address became required"}


def test_of_something_new_only_the_outermost_is_told(definition: Node) -> None:
    new = copy.deepcopy(definition)
    nested(new, "address").update(properties={"zip": {"type": "string"}}, required=["zip"])
    body(new)["required"].append("address")
    assert {one.what for one in breaks(surface(definition), surface(new))} == {"the input address is new and required"}


def test_a_body_that_becomes_required_is_seen(definition: Node) -> None:
    new = copy.deepcopy(definition)
    stop = new["paths"]["/api/data_processing/instances/{instanceId}/terminate"]["post"]
    next(one for one in stop["parameters"] if one["in"] == "body")["required"] = True
    (found,) = breaks(surface(definition), surface(new))
    assert str(found) == "TerminateDataProcessing: the input body became required"


def test_a_field_of_the_body_does_not_hide_a_parameter_of_the_same_name(definition: Node) -> None:
    def clash(place: str) -> Surface:
        made = copy.deepcopy(definition)
        one = next(o for o in made["paths"][STATUS]["get"]["parameters"] if o["name"] == "instanceId")
        one["in"] = place
        schema = {"type": "object", "properties": {"instanceId": {"type": "string"}}}
        made["paths"][STATUS]["get"]["parameters"].append({"name": "body", "in": "body", "schema": schema})
        return surface(made)

    assert {one.what for one in breaks(clash("path"), clash("query"))} == {
        "the input instanceId was in path and is in query"
    }


def test_an_operation_under_another_name_is_told_by_it(definition: Node) -> None:
    new = copy.deepcopy(definition)
    new["paths"][START]["post"]["operationId"] = "StartIt"
    (found,) = breaks(surface(definition), surface(new))
    assert str(found) == "StartDataProcessing: the operation is called StartIt now"


def test_there_are_seven_kinds() -> None:
    assert len({kind for kind, _ in BREAKING}) == 7


@pytest.mark.parametrize("change", HARMLESS)
def test_other_changes_pass(definition: Node, change: Callable[[Node], object]) -> None:
    changed = copy.deepcopy(definition)
    change(changed)
    assert changed != definition
    assert breaks(surface(definition), surface(changed)) == ()


def test_what_a_trigger_gives_is_part_of_the_surface(definition: Node) -> None:
    operations = surface(definition)
    assert operations["WhenDataProcessingFinished"].outputs["output.status"] == "string"
    assert operations["RunDataProcessingAndWait"].inputs["body"]["body.callbackUrl"] is True


def test_a_lock_is_read_as_it_was_written(definition: Node) -> None:
    assert read_lock(lock_text(surface(definition))) == surface(definition)


def edited(change: Callable[[Node], object]) -> Callable[[str], str]:
    """A lock in which a value was changed by hand."""

    def edit(text: str) -> str:
        value = json.loads(text)
        change(value)
        return json.dumps(value, indent=2)

    return edit


def start(lock: Node) -> Node:
    return lock["operations"]["StartDataProcessing"]


TORN: list[Callable[[Node], object]] = [
    lambda lock: lock["operations"].update(StartDataProcessing=None),
    lambda lock: start(lock).pop("inputs"),
    lambda lock: start(lock).update(path=None),
    lambda lock: start(lock).update(inputs={"body": {"x": "yes"}}),
    lambda lock: start(lock).update(inputs={"body": ["x"]}),
    lambda lock: start(lock)["outputs"].update(x=1),
]
DAMAGED: list[tuple[str, Callable[[str], str]]] = [
    ("it is not JSON", lambda text: ""),
    ("it is not JSON", lambda text: text[: len(text) // 2]),
    ("it is not JSON", lambda text: text.replace('"StartData', '<<<<<<< main\n"StartData', 1)),
    ("it is not JSON", lambda text: "[" * 100_000),
    ("it is not an object", lambda text: "[]"),
    ("its form is not given", edited(lambda lock: lock.pop("form"))),
    ("its form is 1,", edited(lambda lock: lock.update(form=1))),
    ("its form is true,", edited(lambda lock: lock.update(form=True))),
    ("its form is null,", edited(lambda lock: lock.update(form=None))),
    ("it has no operations", edited(lambda lock: lock.pop("operations"))),
    ("it has no operations", edited(lambda lock: lock.update(operations=[]))),
    ("the key \"StartDataProcessing\" stands twice",
     lambda text: text.replace('"ResumeDataProcessing"', '"StartDataProcessing"')),
    *(("the operation StartDataProcessing is not as", edited(change)) for change in TORN),
]  # fmt: skip


@pytest.mark.parametrize(("told", "damage"), DAMAGED)
def test_a_damaged_lock_is_an_error_that_says_where(definition: Node, told: str, damage: Callable[[str], str]) -> None:
    text = damage(lock_text(surface(definition)))
    with pytest.raises(LockError) as caught:
        read_lock(text)
    assert str(caught.value).startswith(told)
    assert 0 <= caught.value.at <= len(text)
    if told.startswith("the operation"):
        assert text[caught.value.at :].startswith('"StartDataProcessing"')


def test_a_connector_definition_is_checked_on_the_command_line(tmp_path: Path, definition: Node) -> None:
    path = tmp_path / "apiDefinition.swagger.json"
    path.write_text(json.dumps(definition))
    sound = CliRunner().invoke(cli, ["lint-connector", str(path)])
    assert sound.exit_code == 0
    assert "0 errors and 3 warnings" in sound.output
    path.write_text(json.dumps({**definition, "schemes": ["ftp"]}))
    broken = CliRunner().invoke(cli, ["lint-connector", str(path), "--format", "json"])
    assert broken.exit_code == 1
    told = json.loads(broken.stdout)
    assert [one["rule"] for one in told if one["severity"] == "error"] == ["SchemeNotValid"]
    assert told[0]["basis"]
