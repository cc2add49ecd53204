"""A workflow that changes under the flows that use it, as its author lives it: refused, told the way out, served twice.

The author does what the message says, to the letter: the test reads the steps out of it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from tests.conftest import ROOT, Caller, Operations

from flowbridge.host.options import HostOptions
from flowbridge.host.server import running

Node = dict[str, Any]
ORDER = """\
workflow: order
version: 1
title: Order goods
description: Orders goods from a supplier, once somebody has signed.
input: {item: string, note: {type: string, default: ''}}
output: {number: string, total: number}
errors: [Refused]
activities:
  book: {input: {item: string}, output: string, idempotent: true}
steps:
  - id: sign
    approval:
      title: Order ${input.item}
      approvers: [ada@example.com]
      timeout: 7d
      on_timeout: {raise: Refused}
      on_rejected: {raise: Refused}
  - id: booked
    call: book
    with: {item: '${input.item}'}
  - return: {number: '${booked}', total: 1.5}
"""
CHANGED = (
    ORDER.replace("{item: string, note", "{item: string, count: integer, note")
    .replace("output: {number: string, total: number}", "output: {number: string}")
    .replace(", total: 1.5}", "}")
    .replace("'${booked}'", "'${input.count} x ${booked}'")
)
PYTHON = '''\
"""Books."""


def book(item: str) -> str:
    """Books an item."""
    return f"B-{item}"
'''
TOLD_OF_AN_OPERATION = ("summary", "description", "deprecated", "x-ms-visibility", "x-ms-api-annotation")


class Project:
    """A folder of workflows and what is built from it, by the command line in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "spec" / "activities").mkdir(parents=True)
        self.write("spec/activities/books.py", PYTHON)
        self.write("spec/order.yaml", ORDER)

    def write(self, path: str, text: str) -> None:
        """Writes a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text(encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `flowbridge` in the folder."""
        command = [sys.executable, "-m", "flowbridge", *arguments]
        plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        env = {**plain, "PYTHONPATH": str(ROOT / "generator")}
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)

    def builds(self, *arguments: str) -> None:
        """Builds, and expects no complaint."""
        done = self.run("build", *arguments)
        assert done.returncode == 0, done.stderr

    def refused(self, *arguments: str) -> str:
        """Builds, expects a refusal that leaves everything as it was, and gives what was said."""
        before = self.state()
        done = self.run("build", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert self.state() == before
        return done.stderr

    def state(self) -> dict[str, bytes]:
        """Every file."""
        return {one.as_posix(): one.read_bytes() for one in self.folder.rglob("*") if one.is_file()}

    def definition(self) -> Node:
        """The connector's definition."""
        return json.loads(self.read("connector/apiDefinition.swagger.json"))


def operations(definition: Node) -> dict[str, Node]:
    """What flows have stored of each operation: everything but what is only told of it, references followed."""
    found: dict[str, Node] = {}
    for path, item in definition["paths"].items():
        content = item.get("x-ms-notification-content")
        for method, one in item.items():
            if method == "x-ms-notification-content":
                continue
            kept = {key: value for key, value in one.items() if key not in TOLD_OF_AN_OPERATION}
            found[one["operationId"]] = resolved(definition, {**kept, "at": (method, path), "gives": content})
    return found


def resolved(definition: Node, value: Any) -> Any:
    """A value with every reference replaced by what it leads to."""
    if isinstance(value, dict):
        node = cast(Node, value)
        if "$ref" in node:
            return resolved(definition, definition["definitions"][node["$ref"].rpartition("/")[2]])
        return {key: resolved(definition, one) for key, one in node.items()}
    return [resolved(definition, one) for one in cast(list[Any], value)] if isinstance(value, list) else value


def follow(project: Project, told: str, earlier: str) -> list[str]:
    """Does what a message says, step by step, and gives the arguments of the command at its end."""
    copied = re.search(r"1\. Copy (\S+) to (\S+), and write `workflow: (\w+)` in the copy\.\n", told)
    restored = re.search(r"2\. Take back what was changed in (\S+), so", told)
    built = re.search(r"4\. Build the folder, with every workflow in it, from now on: flowbridge (.+)\n", told)
    assert copied is not None
    assert restored is not None
    assert built is not None
    text = project.read(copied[1])
    project.write(copied[2], re.sub(r"(?m)^workflow: \w+$", f"workflow: {copied[3]}", text))
    project.write(restored[1], earlier)
    if made := re.search(r"3\. Make (\S+) with these lines:\n((?: {7}.*\n)+)", told):
        project.write(made[1], re.sub(r"(?m)^ {7}", "", made[2]))
    else:
        added = re.search(r"3\. Add to `(\w+)` in (\S+): (.+)\n", told)
        assert added is not None
        app = project.read(added[2])
        project.write(added[2], re.sub(rf"(?m)^({added[1]}: \{{.*)\}}$", rf"\1, {added[3]}}}", app))
    return built[1].split()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose connector flows use."""
    made = Project(tmp_path)
    made.builds("spec/order.yaml")
    return made


@pytest.fixture
def both(project: Project) -> Project:
    """The same after a change that would break flows, the way out taken."""
    project.write("spec/order.yaml", CHANGED)
    told = project.refused("spec/order.yaml")
    done = project.run(*follow(project, told, ORDER))
    assert done.returncode == 0, done.stderr
    return project


def test_a_change_that_breaks_flows_is_refused_with_what_breaks_and_the_way_out(project: Project) -> None:
    project.write("spec/order.yaml", CHANGED)
    told = project.refused("spec/order.yaml")
    assert (
        told
        == """\
error[E505]: GetOrderStatus, RunOrderAndWait and WhenOrderFinished: the output output.total is gone
 --> spec/order.yaml:1:11
1 | workflow: order
  |           ^^^^^ flows that use this would break
  = help: flowbridge explain E505
error[E505]: RunOrderAndWait and StartOrder: the input count is new and required
 --> spec/order.yaml:1:11
1 | workflow: order
  |           ^^^^^ flows that use this would break
  = hint: keep the old workflow for the flows that use it, and put the changed one beside it:
    1. Copy spec/order.yaml to spec/order_v2.yaml, and write `workflow: order_v2` in the copy.
    2. Take back what was changed in spec/order.yaml, so that it is as flows know it.
    3. Make spec/app.yaml with these lines:
       app: order
       title: "Order goods"
       description: "Orders goods from a supplier, once somebody has signed."
       deprecated: {order: order_v2}
    4. Build the folder, with every workflow in it, from now on: flowbridge build spec
    If no flow uses the connector yet, build with --break-flows.   help: flowbridge explain E505

2 errors
"""
    )
    findings = json.loads(project.run("build", "spec/order.yaml", "--format", "json").stdout)
    assert [one["code"] for one in findings] == ["E505", "E505"]
    project.builds("spec/order.yaml", "--break-flows")
    project.builds("spec/order.yaml")


def test_after_the_way_out_the_connector_has_both_and_flows_find_what_they_know(project: Project) -> None:
    before, hub = project.definition(), json.loads(project.read("generated/host.json"))
    project.write("spec/order.yaml", CHANGED)
    told = project.refused("spec/order.yaml")
    assert project.run(*follow(project, told, ORDER)).returncode == 0
    after = project.definition()
    old, new = operations(before), operations(after)
    assert {name: new[name] for name in old} == old
    assert set(new) - set(old) == {f"{name}_V2" for name in old if name != "TestConnection"}
    assert "count" in json.dumps(new["StartOrder_V2"]["parameters"])
    assert after["info"] == before["info"]
    # The same hub: what runs goes on.
    assert json.loads(project.read("generated/host.json")) == hub
    assert project.run("build", "spec", "--check").returncode == 0
    lint = project.run("lint-connector", "connector/apiDefinition.swagger.json")
    assert lint.stderr.startswith("0 errors and 3 warnings")


def test_the_app_serves_both(both: Project) -> None:
    paths = {one["operationId"]: path for path, item in both.definition()["paths"].items() for one in item.values()
             if "operationId" in one}  # fmt: skip
    with running(HostOptions(both.folder / "generated", both.folder / "data", port=0, durable=False)) as host:
        caller = Caller(host.base_url, host.function_key)
        refused = caller.call("POST", paths["StartOrder_V2"], {"item": "pens"})
        assert refused.status == 400
        for name, start, body, output in (
            ("order", "StartOrder", {"item": "pens"}, {"number": "B-pens", "total": 1.5}),
            ("order_v2", "StartOrder_V2", {"item": "pens", "count": 3}, {"number": "3 x B-pens"}),
        ):
            assert paths[start] == f"/api/{name}/start"
            started = caller.call("POST", paths[start], body)
            assert started.status == 200
            workflow, instance = Operations(caller, name), started.body["instanceId"]
            workflow.waiting(instance)
            assert workflow.answer(instance, approval="sign", responder="ada@example.com").status == 200
            assert workflow.ended(instance)["output"] == output


def test_a_third_version_is_another_step_of_the_same_way(both: Project) -> None:
    second = both.read("spec/order_v2.yaml")
    both.write("spec/order_v2.yaml", second.replace("count: integer", "count: integer, price: number"))
    told = both.refused("spec")
    assert "RunOrderAndWait_V2 and StartOrder_V2: the input price is new and required" in told
    assert both.run(*follow(both, told, second)).returncode == 0
    assert "deprecated: {order: order_v2, order_v2: order_v3}\n" in both.read("spec/app.yaml")
    starts = [name for name in operations(both.definition()) if name.startswith("StartOrder")]
    assert sorted(starts) == ["StartOrder", "StartOrder_V2", "StartOrder_V3"]


def test_a_change_of_the_deprecated_one_is_refused_with_a_word_on_the_new_one(both: Project) -> None:
    both.write("spec/order.yaml", CHANGED)
    told = both.refused("spec")
    assert '"order" is deprecated so that flows keep working: take back what was changed in spec/order.yaml.' in told
    assert "Change order_v2" in told.replace('"', "")


def test_one_file_of_the_folder_is_not_the_app_any_more(both: Project) -> None:
    told = both.refused("spec/order.yaml")
    assert "StartOrder_V2: the operation is gone" in told
    assert "build the folder, of which this is one file: flowbridge build spec" in told


def test_the_old_one_is_removed_once_no_flow_uses_it_and_the_new_one_keeps_its_names(both: Project) -> None:
    before = operations(both.definition())
    (both.folder / "spec" / "order.yaml").unlink()
    told = both.refused("spec")
    assert '"order" is not a workflow of this app' in told
    assert '"removed"' in told
    app = both.read("spec/app.yaml")
    both.write("spec/app.yaml", app.replace("deprecated:", "removed:"))
    told = both.refused("spec")
    assert re.search(r"error\[E505\]: StartOrder: the operation is gone\n +--> connector/surface\.lock:\d+:5\n", told)
    assert told.count("Once none does, build with --break-flows.") == 1
    both.builds("spec", "--break-flows")
    after = operations(both.definition())
    assert after == {name: one for name, one in before.items() if name.endswith("_V2") or name == "TestConnection"}
    both.builds("spec")
    # Without the line it would be a workflow of its own, and flows would not find their operations.
    both.write("spec/app.yaml", app.replace("deprecated: {order: order_v2}\n", ""))
    assert "StartOrder_V2: the operation is called StartOrderV2 now" in both.refused("spec")


@pytest.mark.parametrize("text", ["<<<<<<< main\n", '{"form": 1, "operations": {}}'])
def test_a_lock_that_cannot_be_read_stops_the_build(project: Project, text: str) -> None:
    project.write("connector/surface.lock", text)
    told = project.refused("spec/order.yaml")
    assert told.startswith("error[E506]: the surface lock cannot be read: ")
    assert " --> connector/surface.lock:1:" in told
    assert "--break-flows" in told
    project.builds("spec/order.yaml", "--break-flows")


def test_without_its_lock_a_connector_tells_by_its_definition_what_flows_know(project: Project) -> None:
    lock = project.folder / "connector" / "surface.lock"
    kept = lock.read_bytes()
    lock.unlink()
    project.write("spec/order.yaml", CHANGED)
    assert "the input count is new and required" in project.refused("spec/order.yaml")
    (project.folder / "spec" / "order.yaml").rename(project.folder / "spec" / "other.yaml")
    project.write("spec/other.yaml", ORDER.replace("workflow: order", "workflow: other"))
    assert "StartOrder: the operation is gone" in project.refused("spec/other.yaml")
    (project.folder / "spec" / "other.yaml").unlink()
    project.write("spec/order.yaml", ORDER)
    project.builds("spec/order.yaml")
    assert lock.read_bytes() == kept


@pytest.mark.parametrize("text", ["", "[]", "{", '{"paths": {"/x": {"get": {}}}}', '{"paths": 3}'])
def test_what_is_no_definition_of_a_build_tells_nothing(project: Project, text: str) -> None:
    (project.folder / "connector" / "surface.lock").unlink()
    project.write("connector/apiDefinition.swagger.json", text)
    project.write("spec/order.yaml", CHANGED)
    project.builds("spec/order.yaml")


def test_where_a_build_stops_midway_the_next_one_still_knows_what_flows_use(project: Project) -> None:
    lock = project.read("connector/surface.lock")
    project.write("spec/order.yaml", CHANGED)
    icon = project.folder / "connector" / "icon.png"
    icon.unlink()
    # A folder with something that builds leave alone stands in the way of the icon.
    (icon / ".venv").mkdir(parents=True)
    (icon / ".venv" / "x").write_text("mine")
    assert project.run("build", "spec/order.yaml", "--break-flows").returncode == 1
    assert "count" in project.read("connector/apiDefinition.swagger.json")
    assert project.read("connector/surface.lock") == lock
    assert "the input count is new and required" in project.refused("spec/order.yaml")
