"""Runs the flagship on the local host, as a caller of its connector would: start, look, approve, read the result."""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from flowbridge.assets import asset
from flowbridge.compiler import compile_app
from flowbridge.host.options import HostOptions
from flowbridge.host.server import running
from flowbridge.write import write

LIMIT_SECONDS = 120.0
Say = Callable[[str], object]
Answer = dict[str, object]


class DemoError(Exception):
    """The demonstration did not go as it should."""


class _Caller:
    """Calls the app's operations with its function key."""

    def __init__(self, base: str, key: str) -> None:
        self._base = base
        self._key = key

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        request = urllib.request.Request(
            self._base + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"x-functions-key": self._key, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return cast(Answer, json.load(reply))
        except urllib.error.HTTPError as refused:
            raise DemoError(f"{method} {path} was answered {refused.code}: {refused.read().decode()}") from None


def run_demo(say: Say, *, keep: bool, port: int) -> None:
    """Compiles and runs the flagship on its sample data and approves it; DemoError if it does not end as it should."""
    spec = asset("spec", "data_processing.yaml")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flowbridge-demo-")))
        # The report outlives the demonstration, so that it can be read.
        reports = Path(tempfile.mkdtemp(prefix="flowbridge-report-"))
        os.environ["DATA_PROCESSING_REPORTS"] = str(reports)
        compiled = compile_app(spec)
        write(compiled.app, folder / "app")
        say(f"Compiled {spec.name}: {len(compiled.app)} files of the app, {len(compiled.connector)} of the connector.")
        host = stack.enter_context(running(HostOptions(folder / "app", folder / "data", port=port)))
        say(f"The local host serves it on {host.base_url}\n")
        caller = _Caller(host.base_url, host.function_key)
        _through_the_approval(say, caller, asset("spec", "samples/orders.csv"))
        if keep:
            say(f"\nThe host stays up on {host.base_url}, function key {host.function_key}. Stop it with Ctrl-C.")
            _until_interrupted()


def _through_the_approval(say: Say, caller: _Caller, source: Path) -> None:
    records = len(source.read_text(encoding="utf-8").splitlines()) - 1
    start = {"dataSource": str(source), "recordCount": records, "requestedBy": "ada@example.com"}
    instance = caller.call("POST", "/api/data_processing/start", start)
    here = f"/api/data_processing/instances/{instance['instanceId']}"
    say(f"Started {instance['instanceId']} on {records} records of {source.name}.")

    waiting = _follow(say, caller, here, lambda status: bool(status.get("pendingApprovals")))
    approval = cast(list[Answer], waiting["pendingApprovals"])[0]
    say(f"\n  It waits for an approval until {approval['dueAt']}:")
    say(f"    {approval['title']}")
    say(f"    {approval['details']}")
    say("  Approving it through the operation that the connector calls:")
    answer = {"decision": "Approve", "responder": "grace@example.com", "comments": "Looks right."}
    told = caller.call("POST", f"{here}/approvals/{approval['approval']}", answer)
    say(f"    {told['result']}: {told['decision']} by {told['responder']}\n")

    ended = _follow(say, caller, here, lambda status: "output" in status or "error" in status)
    if "output" not in ended:
        raise DemoError(f"the instance failed: {ended['error']}")
    output = cast(Answer, ended["output"])
    say(f"\n{ended['runtimeStatus']}: {json.dumps(output, indent=2)}")
    report = Path(str(output["reportPath"]))
    say(f"\nThe report is at {report}:\n")
    lines = report.read_text(encoding="utf-8").splitlines()
    shown = [*lines[:12], f"… {len(lines) - 14} more batches", *lines[-2:]] if len(lines) > 20 else lines
    say("\n".join(f"  {line}" for line in shown))


def _follow(say: Say, caller: _Caller, here: str, until: Callable[[Answer], bool]) -> Answer:
    """Reads the status until a condition holds, and says what changed."""
    deadline, told = time.monotonic() + LIMIT_SECONDS, ""
    while time.monotonic() < deadline:
        status = caller.call("GET", here)
        progress = cast(dict[str, int] | None, status.get("progress"))
        line = f"  {status['runtimeStatus']:<9} {status.get('stepTitle') or status.get('step') or ''}"
        if progress is not None:
            line += f" · batches {progress['completed']}/{progress['total']}"
        if line != told:
            say(line)
            told = line
        if until(status):
            return status
        time.sleep(0.02)
    raise DemoError(f"nothing came of it in {LIMIT_SECONDS:.0f} seconds; the last status was {told.strip()}")


def _until_interrupted() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
