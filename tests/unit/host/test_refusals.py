"""What a user can cause is said with a code and a cure, and never as a traceback."""

import json
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowbridge.host.app import load_app
from flowbridge.host.errors import HostError
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running
from flowbridge.host.store import FILE, SCHEMA

PLAIN = """
import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.orchestration_trigger(context_name="context")
def quick(context):
    return (yield context.call_activity("echo", "x" * 2000))


@app.activity_trigger(input_name="x")
def echo(x):
    return x
"""
ENTITY = """
@app.entity_trigger(context_name="context")
def counter(context):
    pass
"""
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(source: str = PLAIN, **durable: Any) -> Path:
        folder = tmp_path / "app"
        folder.mkdir(exist_ok=True)
        (folder / "function_app.py").write_text(source)
        (folder / "host.json").write_text(json.dumps({"version": "2.0", "extensions": {"durableTask": durable}}))
        return folder

    return write


def refused(folder: Path, data: Path, **options: Any) -> HostError:
    with pytest.raises(HostError) as caught, running(HostOptions(folder, data, port=0, **options)):
        pass
    return caught.value


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("import no_such_module_at_all", "H01", "function_app.py:1: ModuleNotFoundError"),
        ("x = 1\nraise RuntimeError('at the top')", "H01", "function_app.py:2: RuntimeError: at the top"),
        ("def broken(:", "H01", "function_app.py:1: SyntaxError"),
        ("x = 1", "H01", "has no function apps"),
        (PLAIN + "\nother = df.DFApp()", "H01", "has 2 function apps"),
        (PLAIN + PLAIN.partition("ANONYMOUS)")[2], "H01", "quick"),
        (PLAIN + ENTITY, "H02", "entity 'counter'"),
        ("raise SystemExit(3)", "H01", "SystemExit"),
    ],
)
def test_an_app_that_does_not_load(tmp_path: Path, make: Make, source: str, code: str, said: str) -> None:
    error = refused(make(source), tmp_path / "data")
    assert error.code == code
    assert said in error.message
    assert error.cure
    assert str(error).startswith(f"error[{code}]: ")


def test_a_folder_without_an_app(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "data").code == "H01"


@pytest.mark.parametrize(
    "durable",
    [
        {"extendedSessionsEnabled": True},
        {"hubName": "has-a-dash"},
        {"maxConcurrentActivityFunctions": 0},
        {"maxConcurrentActivityFunctions": "many"},
        {"versionMatchStrategy": "Sometimes"},
        {"overridableExistingInstanceStates": "All"},
    ],
)
def test_settings_that_are_refused(tmp_path: Path, make: Make, durable: dict[str, Any]) -> None:
    error = refused(make(**durable), tmp_path / "data")
    assert error.code == "H03"
    assert next(iter(durable)) in error.message


def test_host_json_that_is_no_json(tmp_path: Path, make: Make) -> None:
    folder = make()
    (folder / "host.json").write_text("{")
    assert refused(folder, tmp_path / "data").code == "H03"


def test_a_port_that_is_taken(tmp_path: Path, make: Make) -> None:
    folder = make()
    with running(HostOptions(folder, tmp_path / "one", port=0)) as host:
        with pytest.raises(HostError) as caught, running(HostOptions(folder, tmp_path / "two", port=host.host.port)):
            pass
        assert caught.value.code == "H04"
        with urllib.request.urlopen(host.base_url + "/_host/health", timeout=5) as reply:
            assert reply.status == 200


def test_a_second_host_on_the_same_data(tmp_path: Path, make: Make) -> None:
    folder = make()
    with running(HostOptions(folder, tmp_path / "data", port=0)):
        assert refused(folder, tmp_path / "data").code == "H05"
    with running(HostOptions(folder, tmp_path / "data", port=0)):
        pass


def test_a_newer_database(tmp_path: Path, make: Make) -> None:
    data = tmp_path / "data"
    data.mkdir()
    db = sqlite3.connect(data / FILE)
    db.execute(f"PRAGMA user_version={SCHEMA + 1}")
    db.close()
    error = refused(make(), data)
    assert error.code == "H09"
    assert f"version {SCHEMA + 1}" in error.message


def test_a_broken_database(tmp_path: Path, make: Make) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / FILE).write_bytes(b"this is not a database" * 500)
    assert refused(make(), data).code == "H08"


def test_a_data_folder_that_is_a_file(tmp_path: Path, make: Make) -> None:
    (tmp_path / "data").write_text("")
    assert refused(make(), tmp_path / "data").code == "H10"


def pragma(host: RunningHost, setting: str) -> None:
    """Change a setting of the store's own connection."""
    host.host.store._db.execute(f"PRAGMA {setting}")  # pyright: ignore[reportPrivateUsage]


def start(base: str) -> int:
    call = urllib.request.Request(f"{base}/runtime/webhooks/durabletask/orchestrators/quick", data=b"", method="POST")
    try:
        with urllib.request.urlopen(call, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as reply:
        with reply:
            return reply.code


def test_a_full_disk_stops_the_host_with_a_reason(tmp_path: Path, make: Make) -> None:
    with running(HostOptions(make(), tmp_path / "data", port=0)) as host:
        pragma(host, "max_page_count=20")
        replies = [start(host.base_url) for _ in range(40)]
        assert replies[0] == 202
        assert replies[-1] == 503
        failed = host.host.engine.failed
        assert failed is not None
        assert failed.code == "H07"
    with running(HostOptions(make(), tmp_path / "data", port=0)) as host:
        assert start(host.base_url) == 202


def test_a_locked_database_stops_the_host_with_a_reason(tmp_path: Path, make: Make) -> None:
    with running(HostOptions(make(), tmp_path / "data", port=0)) as host:
        pragma(host, "busy_timeout=50")
        other = sqlite3.connect(tmp_path / "data" / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert start(host.base_url) == 503
        other.execute("ROLLBACK")
        other.close()
        failed = host.host.engine.failed
        assert failed is not None
        assert failed.code == "H06"


def test_a_store_that_fails_ends_the_process_with_its_reason(tmp_path: Path, make: Make) -> None:
    code = """
import sys
from pathlib import Path
from flowbridge.host import server
from flowbridge.host.options import HostOptions
def ready(url):
    import threading, urllib.request
    host.store._db.execute("PRAGMA max_page_count=5")
    call = urllib.request.Request(url + "/runtime/webhooks/durabletask/orchestrators/quick", data=b"")
    threading.Thread(target=lambda: [urllib.request.urlopen(call) for _ in range(99)], daemon=True).start()
made = server.Host.__init__
def noted(self, options):
    global host
    made(self, options)
    host = self
server.Host.__init__ = noted
raise SystemExit(server.serve(HostOptions(Path(sys.argv[1]), Path(sys.argv[2]), port=0), ready=ready))
"""
    generator = Path(__file__).parents[3] / "generator"
    done = subprocess.run(
        [sys.executable, "-c", code, str(make()), str(tmp_path / "data")],
        env={"PYTHONPATH": str(generator)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "error[H07]: " in done.stderr


def test_a_large_body_is_refused(tmp_path: Path, make: Make) -> None:
    with running(HostOptions(make(), tmp_path / "data", port=0, max_body=1000)) as host:
        for path in ("/runtime/webhooks/durabletask/orchestrators/quick", "/api/anything"):
            call = urllib.request.Request(host.base_url + path, data=b"1" * 2000, method="POST")
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(call, timeout=5)
            with caught.value as reply:
                assert reply.code in (404, 413)
                assert path.startswith("/api") or reply.code == 413


def test_a_timer_trigger_is_left_out_and_named(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    trigger = """
@app.timer_trigger(schedule="0 0 * * * *", arg_name="tick")
def hourly(tick: func.TimerRequest) -> None:
    pass
"""
    loaded = load_app(make(PLAIN + trigger))
    assert set(loaded.orchestrators) == {"quick"}
    assert any("'hourly'" in r.getMessage() and "timerTrigger" in r.getMessage() for r in caplog.records)


def test_apps_do_not_find_each_others_modules(tmp_path: Path) -> None:
    seen: list[str] = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "parts.py").write_text(f"NAME = {name!r}\n")
        (folder / "function_app.py").write_text(PLAIN + "\nfrom parts import NAME\n")
        seen.append(load_app(folder).module.NAME)
    assert seen == ["one", "two"]
