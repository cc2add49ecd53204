"""Microsoft's own client takes the connector: `paconn validate` and `paconn create` against a server on loopback.

`paconn` needs packages that the project does not, so it runs from `.judges`, or from the path in FLOWBRIDGE_PACONN. It
checks nothing by itself; what is shown is that it reads the files and sends exactly them.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.judges.found import found

from flowbridge.compiler import compile_app

ROOT = Path(__file__).resolve().parents[2]
OWNER = "11111111-2222-3333-4444-555555555555"
ENVIRONMENT = "99999999-8888-7777-6666-555555555555"


@dataclass
class PowerApps:
    """The part of the Power Apps service that paconn talks to; it keeps what it was sent."""

    address: str = ""
    seen: list[tuple[str, str, dict[str, list[str]], str | None, Any]] = field(
        default_factory=list[tuple[str, str, dict[str, list[str]], str | None, Any]]
    )

    def answer(self, method: str, path: str) -> str | None:
        service = "/providers/Microsoft.PowerApps"
        match (method, path.removeprefix(service)):
            case ("POST", route) if route == f"/objectIds/{OWNER}/validateApiSwagger":
                return ""
            case ("POST", route) if route == f"/objectIds/{OWNER}/generateResourceStorage":
                return json.dumps({"sharedAccessSignature": "https://nowhere.blob.core.windows.net/x?sig=none"})
            case ("POST", "/apis"):
                return json.dumps({"name": "shared_data-20processing-5f1"})
            case _:
                return None


@pytest.fixture
def service() -> Iterator[PowerApps]:
    kept = PowerApps()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"null")
            kept.seen.append(("POST", parts.path, parse_qs(parts.query), self.headers.get("Authorization"), body))
            text = kept.answer("POST", parts.path)
            content = (text if text is not None else '{"error": "unknown route"}').encode()
            self.send_response(200 if text is not None else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The flagship's connector, as a build writes it."""
    made = tmp_path / "connector"
    made.mkdir()
    for one in compile_app(ROOT / "spec" / "data_processing.yaml").connector:
        (made / one.path).write_bytes(one.content)
    return made


def settings_for(folder: Path, service: PowerApps) -> str:
    """Our settings with this service and environment; the icon stays behind, for it would go to a blob store."""
    settings = json.loads((folder / "settings.json").read_text())
    for name in (settings["apiDefinition"], settings["apiProperties"], settings["icon"]):
        assert (folder / name).is_file()
    changed = {**settings, "powerAppsUrl": service.address, "flowUrl": service.address, "environment": ENVIRONMENT}
    del changed["icon"]
    (folder / "test-settings.json").write_text(json.dumps(changed))
    return "test-settings.json"


def paconn(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the client, signed in, in the connector's folder, with a home of its own and no way past loopback."""
    program = found("paconn", "FLOWBRIDGE_PACONN", "bin/paconn")
    home = folder.parent / "home"
    (home / ".paconn").mkdir(parents=True, exist_ok=True)
    token = {"token_type": "Bearer", "access_token": "none", "expires_on": time.time() + 36_000, "oid": OWNER}
    (home / ".paconn" / "accessTokens.json").write_text(json.dumps(token))
    environment = {
        "HOME": str(home),
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "AZURE_CORE_COLLECT_TELEMETRY": "0",
    }
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def test_validate_sends_our_definition_for_certification(folder: Path, service: PowerApps) -> None:
    result = paconn(folder, "validate", "--settings", settings_for(folder, service))
    assert result.returncode == 0, result.stderr
    assert "validated successfully" in result.stderr
    [(_, path, query, authorization, body)] = service.seen
    assert path.endswith("/validateApiSwagger")
    assert query["enableConnectorCertificationRules"] == ["true"]
    assert authorization == "Bearer none"
    assert body == json.loads((folder / "apiDefinition.swagger.json").read_text())


def test_create_sends_exactly_our_connector(folder: Path, service: PowerApps) -> None:
    result = paconn(folder, "create", "--settings", settings_for(folder, service), "--overwrite-settings")
    assert result.returncode == 0, result.stderr
    assert "created successfully" in result.stderr
    assert [path.rpartition("/")[2] for _, path, *_ in service.seen] == [
        "validateApiSwagger",
        "generateResourceStorage",
        "apis",
    ]
    definition = json.loads((folder / "apiDefinition.swagger.json").read_text())
    ours = json.loads((folder / "apiProperties.json").read_text())["properties"]
    sent = service.seen[-1][4]["properties"]
    assert sent == {
        **ours,
        "openApiDefinition": definition,
        "backendService": {"serviceUrl": "https://data-processing.azurewebsites.net/"},
        "environment": {"name": ENVIRONMENT},
        "displayName": definition["info"]["title"],
        "description": definition["info"]["description"],
        "scriptDefinitionUrl": "",
    }
    assert json.loads((folder / "settings.json").read_text())["connectorId"] == "shared_data-20processing-5f1"
