"""Workflows that replace each other: what their operations are called, which are deprecated, and by what."""

from __future__ import annotations

import importlib
import json
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft4Validator
from openapi_spec_validator import OpenAPIV2SpecValidator

from flowbridge.compiler import compile_app
from flowbridge.emit.connector.labels import operation_id
from flowbridge.emit.connector.plan import Revision, revision
from flowbridge.emit.connector.surface import breaks
from flowbridge.emit.connector.surface_lock import read_lock
from flowbridge.lint import lint_definition
from flowbridge.model.app import Replacement
from flowbridge.text.source import Source, Span

JUDGES = Path(os.environ.get("FLOWBRIDGE_JUDGES") or Path(__file__).resolve().parents[5] / "shared" / "judges")
NOWHERE = Span(Source("", ""), 0, 0)
Node = dict[str, Any]
Build = Callable[..., dict[str, bytes]]

APPROVAL = """\
  - id: {id}
    approval:
      title: {title}
      approvers: [ada@example.com]
      timeout: 7d
      on_timeout: {{raise: Late}}
      on_rejected: {{raise: Refused}}
"""


def workflow(
    name: str, approvals: Mapping[str, str] | None = None, title: str = "Order goods", extra: str = "", event: str = ""
) -> str:
    """A workflow with an input, an output, approvals by id and title, and an event that it waits for."""
    steps = "".join(APPROVAL.format(id=one, title=shown) for one, shown in (approvals or {}).items())
    if event:
        steps += (
            f"  - wait_for: {{event: {event}, payload: {{code: string}}, timeout: 1d, on_timeout: {{raise: Late}}}}\n"
        )
    return f"""\
workflow: {name}
version: 1
title: {title}
description: Orders goods from a supplier.
input: {{item: string{extra}}}
output: {{number: string}}
errors: [Late, Refused]
steps:
{steps}  - if: input.item == 'none'
    raise: Refused
  - if: input.item == 'late'
    raise: Late
  - return: {{number: '${{input.item}}'}}
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Compiles workflow files as one app, and gives the files of the connector by name."""

    def make(*texts: str, **lines: Mapping[str, str]) -> dict[str, bytes]:
        for path in tmp_path.iterdir():
            path.unlink()
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "app.yaml").write_text(json.dumps({"app": "orders", **lines}), encoding="utf-8")
        return {one.path: one.content for one in compile_app(tmp_path).connector}

    return make


def definition(files: dict[str, bytes]) -> Node:
    """The definition, sound by our own rules and by those of others."""
    made = json.loads(files["apiDefinition.swagger.json"])
    found = [str(one) for one in lint_definition(made) if one.rule != "ConnectorMetadataPropertiesMissing"]
    assert found == []
    with warnings.catch_warnings():
        # The linter still imports what jsonschema has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        importlib.import_module("swagger_spec_validator.validator20").validate_spec(made)
    assert [one.message for one in OpenAPIV2SpecValidator(made).iter_errors()] == []
    return made


def operations(files: dict[str, bytes]) -> dict[str, Node]:
    """The operations by their ids."""
    items = definition(files)["paths"].values()
    each = [one for item in items for method, one in item.items() if method != "x-ms-notification-content"]
    return {one["operationId"]: one for one in each}


OLD, NEW = workflow("order", {"sign": "Sign"}), workflow("order_v2", {"sign": "Sign"}, extra=", count: integer")


def test_each_operation_of_the_new_one_is_a_revision_of_the_old_ones(build: Build) -> None:
    alone = set(operations(build(OLD)))
    both = operations(build(OLD, NEW, deprecated={"order": "order_v2"}))
    families = alone - {"TestConnection"}
    assert set(both) == alone | {f"{one}_V2" for one in families}
    for one in families:
        old, new = both[one], both[f"{one}_V2"]
        replacement = {"api": "orders", "operationId": f"{one}_V2"}
        head = {"family": one, "status": "Production"}
        assert old["x-ms-api-annotation"] == {**head, "revision": 1, "replacement": replacement}
        assert new["x-ms-api-annotation"] == {**head, "revision": 2}
        assert old["deprecated"] is True
        assert "deprecated" not in new
    assert "x-ms-api-annotation" not in both["TestConnection"]


def test_the_old_one_says_that_it_is_deprecated_and_what_to_use(build: Build) -> None:
    both = operations(build(OLD, NEW, deprecated={"order": "order_v2"}))
    start, newer = both["StartOrder"], both["StartOrder_V2"]
    assert (start["summary"], newer["summary"]) == ("Start order goods (deprecated)", "Start order goods (V2)")
    assert start["description"] == (
        "Starts an instance and answers at once with its ID. Orders goods from a supplier (deprecated)."
        " Use Start order goods (V2) instead."
    )
    sign = both["RaiseOrderSign"], both["RaiseOrderSign_V2"]
    assert [one["summary"] for one in sign] == [
        "Approve or reject order goods (Sign) (deprecated)",
        "Approve or reject order goods (Sign) (V2)",
    ]
    visibilities = {one["x-ms-visibility"] for name, one in both.items() if not name.endswith("_V2")}
    assert visibilities == {"advanced", "internal"}
    assert both["ChooseOrderInstance"]["x-ms-visibility"] == "internal"
    assert newer["x-ms-visibility"] == "important"


def test_pick_lists_ask_their_own_workflow(build: Build) -> None:
    both = operations(build(OLD, NEW, deprecated={"order": "order_v2"}))
    for suffix in ("", "_V2"):
        for name, chooser in (("GetOrderStatus", "ChooseOrderInstance"), ("RaiseOrderSign", "ChooseOrderApproval")):
            (parameter,) = [one for one in both[name + suffix]["parameters"] if one["in"] == "path"]
            for kind in ("x-ms-dynamic-values", "x-ms-dynamic-list"):
                assert parameter[kind]["operationId"] == chooser + suffix
    known = read_lock(build(OLD, NEW, deprecated={"order": "order_v2"})["surface.lock"].decode())
    assert known["ChooseOrderInstance"].path == "/api/order/choices/instances"
    assert known["ChooseOrderInstance_V2"].path == "/api/order_v2/choices/instances"


def test_what_is_gone_is_deprecated_without_a_replacement(build: Build) -> None:
    both = operations(build(OLD, workflow("order_v2"), deprecated={"order": "order_v2"}))
    raise_ = both["RaiseOrderSign"]
    assert raise_["deprecated"] is True
    assert raise_["x-ms-api-annotation"] == {"family": "RaiseOrderSign", "revision": 1, "status": "Production"}
    assert raise_["description"].endswith(" (deprecated). Nothing replaces it.")
    assert "replacement" in both["StartOrder"]["x-ms-api-annotation"]
    assert "RaiseOrderSign_V2" not in both


def test_what_only_the_new_one_has_is_of_its_revision(build: Build) -> None:
    newer = workflow("order_v2", {"check": "Check"}, event="delivered")
    both = operations(build(OLD, newer, deprecated={"order": "order_v2"}))
    annotation = {"revision": 2, "status": "Production"}
    assert both["RaiseOrderCheck_V2"]["x-ms-api-annotation"] == {"family": "RaiseOrderCheck", **annotation}
    assert both["RaiseOrderDeliveredEvent_V2"]["summary"] == "Raise an event of order goods (delivered) (V2)"


def test_a_chain_has_a_revision_a_workflow_and_all_lead_to_the_newest(build: Build) -> None:
    chain = {"order": "order_v2", "order_v2": "purchase"}
    every = operations(build(OLD, NEW, workflow("purchase", {"sign": "Sign"}), deprecated=chain))
    starts = {name: one for name, one in every.items() if name.startswith("StartOrder")}
    told = {name: one["x-ms-api-annotation"] for name, one in starts.items()}
    assert {name: one["revision"] for name, one in told.items()} == {
        "StartOrder": 1,
        "StartOrder_V2": 2,
        "StartOrder_V3": 3,
    }
    assert [one.get("replacement", {}).get("operationId") for one in told.values()] == ["StartOrder_V3"] * 2 + [None]
    assert starts["StartOrder_V2"]["summary"] == "Start order goods (V2) (deprecated)"
    assert starts["StartOrder"]["description"].endswith(" Use Start order goods (V3) instead.")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_names_of_the_old_one_do_not_depend_on_what_stands_beside_it(build: Build, order: tuple[int, int]) -> None:
    """Two approvals whose names would be one, in either order of the files."""
    old = workflow("order", {"a_b": "First", "ab": "Second"})
    new = workflow("an_order", {"ab": "Second"})
    texts = [(old, new)[number] for number in order]
    before = read_lock(build(old)["surface.lock"].decode())
    made = build(*texts, deprecated={"order": "an_order"})
    assert breaks(before, read_lock(made["surface.lock"].decode())) == ()
    both = operations(made)
    assert both["RaiseOrderAb2"]["x-ms-api-annotation"]["replacement"]["operationId"] == "RaiseOrderAb2_V2"
    assert "replacement" not in both["RaiseOrderAB"]["x-ms-api-annotation"]


def test_what_replaced_a_workflow_that_is_gone_keeps_its_names(build: Build) -> None:
    both = build(OLD, NEW, deprecated={"order": "order_v2"})
    alone = build(NEW, removed={"order": "order_v2"})
    old, new = (read_lock(one["surface.lock"].decode()) for one in (both, alone))
    assert {one.kind for one in breaks(old, new)} == {"operation deleted"}
    assert {name for name in old if name not in new} == {one for one in old if not one.endswith("_V2")} - {
        "TestConnection"
    }


def test_long_texts_keep_their_marks_and_their_limits(build: Build) -> None:
    title, approval = "Order very many goods " * 3, "Sign what is ordered " * 3
    chain = {"order": "order_v2", "order_v2": "order_v3"}
    texts = [workflow(name, {"sign": approval}, title, event="delivered") for name in ("order", "order_v2", "order_v3")]
    every = operations(build(*texts, deprecated=chain))
    for name, one in every.items():
        assert len(one["summary"]) <= 80
        assert one["summary"].count("(") == one["summary"].count(")")
        assert one["summary"].endswith("(deprecated)") == one.get("deprecated", False)
        assert ("(V2)" in one["summary"]) == name.endswith("_V2")
    assert (
        every["RaiseOrderSign_V2"]["summary"]
        == "Approve or reject order very many goods (Sign what is ordered) (V2) (deprecated)"
    )


def test_long_ids_keep_their_revision() -> None:
    taken: set[str] = set()
    ids = [operation_id("A" * 90, taken, "_V2") for _ in range(11)]
    assert [len(one) for one in ids] == [80] * 11
    assert all(one.endswith("_V2") for one in ids)
    assert len({one.lower() for one in ids}) == 11


@pytest.mark.parametrize(
    ("workflow_", "expected"),
    [
        ("other", Revision()),
        ("a", Revision("a", 1, "d")),
        ("b", Revision("a", 2, "d")),
        ("c", Revision("a", 3, "d")),
        ("d", Revision("a", 4)),
    ],
)
def test_where_a_workflow_stands(workflow_: str, expected: Revision) -> None:
    pairs = [("c", "d"), ("a", "b"), ("b", "c")]
    found = revision(workflow_, [Replacement(old, new, NOWHERE, NOWHERE, old != "b") for old, new in pairs])
    assert found == expected


def test_the_definition_fits_microsofts_schema(build: Build) -> None:
    path = JUDGES / "apiDefinition.swagger.schema.json"
    if not path.is_file():
        pytest.skip("the schema of Microsoft's connector repository is not there (FLOWBRIDGE_JUDGES)")
    validator = cast(Any, Draft4Validator(json.loads(path.read_text(encoding="utf-8"))))
    made = definition(build(OLD, workflow("order_v2"), deprecated={"order": "order_v2"}))
    assert [one.message for one in validator.iter_errors(made)] == []


def test_the_readme_tells_what_to_use_instead(build: Build) -> None:
    text = build(OLD, workflow("order_v2"), deprecated={"order": "order_v2"})["readme.md"].decode()
    assert "| Start order goods (deprecated) | Start order goods (V2) |" in text
    assert "| Approve or reject order goods (Sign) (deprecated) | nothing |" in text
    assert "Add **Run order goods and wait for its end (V2)** to a flow" in text
    assert "Ask **Get the status of order goods (V2)** when" in text
    assert "## Deprecated Operations" not in build(OLD, workflow("order_v2"))["readme.md"].decode()
