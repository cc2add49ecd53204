"""The files of a connector: what they are, that Microsoft's schemas and public linters accept them, and their texts."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable

import pytest
from tests.judges.verdicts import SCHEMAS, microsofts_schema_finds, validators_find

from flowbridge.emit.connector.icon import icon
from flowbridge.model.types import ArrayType, EnumType, Field, IntegerType, MapType, ObjectType, StringType
from flowbridge.runtime.validation import problems

MakeConnector = Callable[..., dict[str, bytes]]

HOSTILE = 'A "quoted" <b>title</b>\n# with {{braces}} | \x00 and ünïcödé \U0001f600 `code` [link](http://x) ' * 20

line = ObjectType((Field("sku", StringType()), Field("kind", EnumType(("a", "b")))), name="Line")
RICH = ObjectType(
    (
        Field("when", StringType("date-time")),
        Field("span", StringType("duration"), required=False),
        Field("lines", ArrayType(line)),
        Field("grid", ArrayType(ArrayType(IntegerType(minimum=0, maximum=9)))),
        Field("totals", MapType(IntegerType())),
        Field("mode", EnumType(("veryFast", "slow")), required=False, default="slow"),
    )
)


@pytest.fixture(params=["flagship", "rich", "hostile", "least"])
def files(request: pytest.FixtureRequest, connector: MakeConnector, flagship: dict[str, bytes]) -> dict[str, bytes]:
    match request.param:
        case "flagship":
            return flagship
        case "rich":
            approvals = (("sign_off", "Sign off"), ("pay", "Pay the invoice"))
            return connector(taken=RICH, given=RICH, approvals=approvals, version=7)
        case "hostile":
            return connector(title=HOSTILE, description=HOSTILE, approvals=(("sign", HOSTILE),))
        case _:
            return connector(name="x", title="", description="", taken=ObjectType(()))


def test_the_files(files: dict[str, bytes]) -> None:
    assert list(files) == [
        "apiDefinition.swagger.json",
        "apiProperties.json",
        "icon.png",
        "readme.md",
        "settings.json",
        "surface.lock",
    ]
    for name, content in files.items():
        if name.endswith(".json"):
            assert content.isascii()
            assert content.endswith(b"}\n")
            assert content.decode() == json.dumps(json.loads(content), indent=2) + "\n"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_files_fit_microsofts_schemas(files: dict[str, bytes], name: str) -> None:
    assert microsofts_schema_finds(name, files) == []


def test_public_validators_accept_the_definition(files: dict[str, bytes]) -> None:
    assert validators_find(files) == []
    assert len(files["apiDefinition.swagger.json"]) < 1_000_000


def test_title_and_description_are_what_microsoft_takes(files: dict[str, bytes]) -> None:
    info = json.loads(files["apiDefinition.swagger.json"])["info"]
    assert 1 <= len(info["title"]) <= 30
    assert info["title"].isascii()
    assert info["title"][-1].isalnum()
    assert 30 <= len(info["description"]) <= 500
    assert info["description"][-1] in ".!?"
    assert info["description"].rstrip(".") != info["title"]


@pytest.mark.parametrize(
    ("title", "name", "shown"),
    [
        ("Data processing", "x", "Data processing"),
        ("The invoice API connector", "x", "The invoice"),
        ("Power Automate approvals", "x", "Approvals"),
        ("API", "pay_invoices", "Pay invoices"),
        ("Rücksendung prüfen", "x", "Rucksendung prufen"),
        ("請求書", "pay_invoices", "Pay invoices"),
        ("請求書", "api", "Long-running workflow"),
        ("Approve and pay a batch of invoices.", "x", "Approve and pay a batch of"),
        ("Rapid capital connectors", "x", "Rapid capital"),
    ],
)
def test_the_title_leaves_out_what_is_kept_by_microsoft(
    connector: MakeConnector, title: str, name: str, shown: str
) -> None:
    info = json.loads(connector(name=name, title=title)["apiDefinition.swagger.json"])["info"]
    assert info["title"] == shown


def test_a_short_description_is_made_long_enough(connector: MakeConnector) -> None:
    def told(description: str) -> str:
        made = connector(title="Pay invoices", description=description)
        return json.loads(made["apiDefinition.swagger.json"])["info"]["description"]

    assert told("Pays") == "Pays. Starts pay invoices, tells how it stands and hands over decisions."
    assert told("") == "Starts pay invoices, tells how it stands and hands over decisions."
    assert told("Pays all invoices of a supplier") == "Pays all invoices of a supplier."


def test_a_connection_names_its_host_and_holds_its_key(flagship: dict[str, bytes]) -> None:
    definition = json.loads(flagship["apiDefinition.swagger.json"])
    properties = json.loads(flagship["apiProperties.json"])["properties"]
    assert set(properties["connectionParameters"]) == {"hostUrl", "api_key"}
    assert properties["connectionParameters"]["api_key"]["type"] == "securestring"
    policy = properties["policyTemplateInstances"][0]
    assert policy["templateId"] == "dynamichosturl"
    assert policy["parameters"] == {"x-ms-apimTemplateParameter.urlTemplate": "@connectionParameters('hostUrl')"}
    # The policy replaces the base path too, so that the paths must be whole.
    assert definition["basePath"] == "/"
    assert all(path.startswith(("/api/data_processing/", "/api/connector/")) for path in definition["paths"])
    assert definition["host"] == "data-processing.azurewebsites.net"
    assert definition["securityDefinitions"]["FunctionKey"]["name"] == "x-functions-key"
    assert definition["security"] == [{"FunctionKey": []}]
    assert properties["capabilities"] == ["actions", "triggers"]
    assert definition["x-ms-capabilities"]["testConnection"] == {"operationId": "TestConnection", "parameters": {}}
    assert "stackOwner" not in properties


def test_the_version_is_the_workflows(connector: MakeConnector) -> None:
    assert json.loads(connector(version=7)["apiDefinition.swagger.json"])["info"]["version"] == "7.0.0"


def test_a_workflow_without_output_has_none_in_its_status(connector: MakeConnector) -> None:
    made = json.loads(connector()["apiDefinition.swagger.json"])["definitions"]
    assert "output" not in made["GetSomeWorkStatusResult"]["properties"]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        *[(one, True) for one in ("P1D", "P2W", "PT5M", "PT1H30S", "P1DT0.5S")],
        *[(one, False) for one in ("", "P", "PT", "P1DT", "1D", "P1M", "P1W2D", "PT1.5H", "P1D\n")],
    ],
)
def test_a_duration_has_the_pattern_of_what_the_app_takes(connector: MakeConnector, text: str, taken: bool) -> None:
    made = json.loads(connector(taken=RICH, given=RICH)["apiDefinition.swagger.json"])["definitions"]
    pattern = made["StartSomeWorkBody"]["properties"]["span"]["pattern"]
    assert (re.search(pattern.replace("$", r"\Z"), text) is not None) == taken
    assert (problems({"type": "string", "format": "duration"}, text) == []) == taken
    assert "pattern" not in made["GetSomeWorkStatusResult"]["properties"]["output"]["properties"]["span"]


def test_the_same_plan_gives_the_same_bytes(connector: MakeConnector) -> None:
    icon.cache_clear()
    first = connector(taken=RICH, given=RICH)
    icon.cache_clear()
    assert connector(taken=RICH, given=RICH) == first


def test_the_readme_has_microsofts_headings_and_no_html(files: dict[str, bytes]) -> None:
    text = files["readme.md"].decode()
    headings = [one.partition(":")[0] for one in text.splitlines() if one.startswith(("# ", "## "))]
    assert headings[1:] == [
        "## Publisher",
        "## Prerequisites",
        "## Supported Operations",
        "## Obtaining Credentials",
        "## Getting Started",
        "## Known Issues and Limitations",
        "## Frequently Asked Questions",
        "## Deployment Instructions",
    ]
    definition = json.loads(files["apiDefinition.swagger.json"])
    for item in definition["paths"].values():
        for method, operation in item.items():
            if method != "x-ms-notification-content":
                shown = operation.get("x-ms-visibility") != "internal"
                assert (f"### {operation['summary']}\n" in text) == shown
    assert "<" not in text.replace("\\<", "")
    assert "](" not in text.replace("\\](", "")
    assert "\x00" not in text


def test_the_readme_tells_names_labels_and_types(flagship: dict[str, bytes]) -> None:
    lines = flagship["readme.md"].decode().splitlines()
    assert "| `recordCount` | Record Count | whole number | yes |" in lines
    assert "| `instanceId` | Instance ID | text | no |" in lines
    assert "| `pendingApprovals[].dueAt` | Due At | date-time |" in lines
    assert "| `output.status` | Status | one of Finalized, Rejected, TimedOut |" in lines


def test_the_icon_is_a_png_of_the_size_and_colour_that_microsoft_asks_for(flagship: dict[str, bytes]) -> None:
    color = json.loads(flagship["apiProperties.json"])["properties"]["iconBrandColor"]
    width, height, rows = read_png(flagship["icon.png"])
    assert (width, height) == (230, 230)
    ground = tuple(bytes.fromhex(color[1:]))
    assert ground not in {(0x00, 0x7E, 0xE5), (0xFF, 0xFF, 0xFF), (0xDA, 0x3B, 0x01)}
    margin = 25
    for at, row in enumerate(rows):
        edge = row if at < margin or at >= height - margin else row[:margin] + row[-margin:]
        assert set(edge) == {ground}
    white = sum(pixel == (255, 255, 255) for row in rows for pixel in row)
    shades = {pixel for row in rows for pixel in row}
    assert 0.05 < white / (width * height) < 0.5
    assert len(shades) > 8, "the edges are not smooth"


def test_the_icon_does_not_depend_on_the_compression_library() -> None:
    content = icon("#1f5f8b")
    start = content.index(b"IDAT") + 4
    assert content[start : start + 3] == b"\x78\x01\x01", "one block, stored as it is"
    assert len(content) > 230 * 115


def read_png(content: bytes) -> tuple[int, int, list[list[tuple[int, ...]]]]:
    """An indexed PNG of four bits a pixel as rows of colours; every chunk's checksum is checked."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    assert set(chunks) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}, "no transparency"
    width, height, depth, color = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, color) == (4, 3)
    palette = [tuple(chunks[b"PLTE"][one : one + 3]) for one in range(0, 48, 3)]
    raw, stride = zlib.decompress(chunks[b"IDAT"]), width // 2 + 1
    rows = [raw[one * stride : (one + 1) * stride] for one in range(height)]
    assert all(row[0] == 0 for row in rows)
    return width, height, [[palette[half] for byte in row[1:] for half in (byte >> 4, byte & 15)] for row in rows]
