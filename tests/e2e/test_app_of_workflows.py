"""Several workflows in one app: one runs another, each has operations of its own, and one starts by itself."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from tests.conftest import Caller, Operations

from flowbridge.compiler import compile_app
from flowbridge.host.bindings import client_binding
from flowbridge.host.options import HostOptions
from flowbridge.host.server import running
from flowbridge.host.worker import close_session
from flowbridge.text.diagnostic import CompileError
from flowbridge.write import write

APP = """\
app: parcels
title: Parcels
description: Packs orders and ships them.
publisher: Contoso
brand_color: '#aa3300'
backend: azure-storage
"""
PACK = """\
workflow: pack
version: 1
title: Pack an order
description: Packs an order, and has it shipped.
input: {order: string, weight: {type: number, default: 1.5}}
output: {tracking: string}
activities:
  wrap: {input: {order: string}, output: string, idempotent: true}
schedule: {cron: '0 6 * * 1-5', input: {order: daily}}
steps:
  - id: wrapped
    call: wrap
    with: {order: '${input.order}'}
  - id: shipped
    run: ship
    with: {parcel: '${wrapped}', weight: '${input.weight}'}
  - return: {tracking: '${shipped.tracking}'}
"""
SHIP = """\
workflow: ship
version: 3
title: Ship a parcel
description: Ships a parcel, if it is not too heavy.
input: {parcel: string, weight: number}
output: {tracking: string}
activities:
  wrap: {input: {order: string}, output: string, idempotent: true}
errors: [TooHeavy]
steps:
  - if: input.weight > 30
    raise: {error: TooHeavy, message: '${input.weight} kg is too heavy'}
  - id: again
    call: wrap
    with: {order: '${input.parcel}'}
  - return: {tracking: 'T-${again}'}
"""
PYTHON = '''\
"""Wraps."""


def wrap(order: str) -> str:
    """Wraps an order."""
    return f"<{order}>"
'''


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A folder with two workflows and their app."""
    folder = tmp_path / "spec"
    (folder / "activities").mkdir(parents=True)
    texts = {"app.yaml": APP, "pack.yaml": PACK, "ship.yaml": SHIP, "activities/wraps.py": PYTHON}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def app(spec: Path, tmp_path: Path) -> Path:
    """The app of both."""
    write(compile_app(spec).app, tmp_path / "generated")
    return tmp_path / "generated"


@pytest.fixture
def caller(app: Path, tmp_path: Path) -> Iterator[Caller]:
    """A host that runs it."""
    with running(HostOptions(app, tmp_path / "data", port=0, durable=False)) as host:
        yield Caller(host.base_url, host.function_key)


def test_a_workflow_runs_another_and_gives_its_output(caller: Caller) -> None:
    pack = Operations(caller, "pack")
    instance = pack.start({"order": "A1"})
    assert pack.ended(instance)["output"] == {"tracking": "T-<<A1>>"}
    assert {one["name"] for one in pack.family(instance)} == {"pack", "ship"}


def test_the_others_error_is_raised_typed(caller: Caller) -> None:
    pack = Operations(caller, "pack")
    error = pack.ended(pack.start({"order": "A1", "weight": 31}))["error"]
    assert (error["code"], error["message"]) == ("TooHeavy", "31 kg is too heavy")


def test_each_has_operations_of_its_own(caller: Caller) -> None:
    ship = Operations(caller, "ship")
    instance = ship.start({"parcel": "p", "weight": 1})
    assert ship.ended(instance)["output"] == {"tracking": "T-<p>"}
    assert Operations(caller, "pack").try_status(instance).status == 404


def test_one_connector_has_the_operations_of_all(spec: Path) -> None:
    files = {one.path: one.content for one in compile_app(spec).connector}
    definition = json.loads(files["apiDefinition.swagger.json"])
    ids = {one["operationId"] for path in definition["paths"].values() for one in path.values() if "operationId" in one}
    assert {"StartPack", "StartShip", "GetPackStatus", "GetShipStatus"} <= ids
    assert definition["info"]["title"] == "Parcels"
    assert json.loads(files["apiProperties.json"])["properties"]["iconBrandColor"] == "#aa3300"


def test_a_run_of_what_is_not_there_is_an_error(spec: Path) -> None:
    (spec / "ship.yaml").unlink()
    with pytest.raises(CompileError) as caught:
        compile_app(spec)
    assert "ship" in caught.value.diagnostics[0].message


class Tick(func.TimerRequest):
    """A tick as the platform reports it."""

    @property
    def past_due(self) -> bool:
        return False


def test_a_tick_starts_one_instance_however_often_it_is_reported(app: Path, tmp_path: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, durable=False)) as host:
        caller = Caller(host.base_url, host.function_key)
        module: Any = sys.modules["function_app"]
        # The host has asked the app for its functions, which it gives once.
        functions = [builder._function for builder in module.app._function_builders]
        found = next(one for one in functions if one.get_function_name() == "pack_schedule")
        binding = client_binding(host.base_url, "Parcels", "")

        async def tick() -> None:
            await found.get_user_function()(timer=Tick(), client=binding)
            await close_session()

        for _ in range(2):
            asyncio.run(tick())
        pack = Operations(caller, "pack")
        listed = caller.call("GET", "/runtime/webhooks/durabletask/instances?instanceIdPrefix=pack-").body
        listed = [one for one in listed if one["name"] == "pack"]
        assert len(listed) == 1
        assert pack.ended(listed[0]["instanceId"])["output"] == {"tracking": "T-<<daily>>"}
        bindings = [json.loads(one) for one in found.get_raw_bindings()]
        assert [one["schedule"] for one in bindings if "schedule" in one] == ["0 0 6 * * 1-5"]
