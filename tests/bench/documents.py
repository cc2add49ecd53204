"""Documents to compile: variations of the flagship, and one contract as a workflow file and as an OpenAPI document."""

import json
import shutil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "spec" / "data_processing.yaml"
OPERATIONS, SCHEMAS = 6, 8  # of a small document
LINES = (1_250, 2_500, 5_000)


def variations(folder: Path, count: int) -> list[Path]:
    """So many files in `folder`, each the flagship with names, limits and texts of its own."""
    text = FLAGSHIP.read_text(encoding="utf-8")
    shutil.copytree(FLAGSHIP.parent / "activities", folder / "activities")
    paths: list[Path] = []
    for number in range(count):
        changes = {
            "workflow: data_processing": f"workflow: data_processing_{number}",
            "title: Data processing": f"title: Data processing for department {number}",
            "maximum: 10000000": f"maximum: {10_000 + number}",
            "max_concurrency: 8": f"max_concurrency: {1 + number % 16}",
            "initial_delay: 30s": f"initial_delay: {1 + number % 50}s",
            "timeout: 7d": f"timeout: {1 + number % 28}d",
            "ValidationFailed": f"Refused{number}",
            "processed": f"outcome{number}",
        }
        varied = text
        for old, new in changes.items():
            if old not in varied:
                raise ValueError(f"the flagship no longer has {old!r}")
            varied = varied.replace(old, new)
        paths.append(folder / f"variation_{number}.yaml")
        paths[-1].write_text(varied, encoding="utf-8")
    return paths


def workflow(folder: Path, operations: int, schemas: int) -> Path:
    """A workflow file in `folder` that declares so many types and calls so many activities, which are there, too."""
    lines = ["workflow: contract", "version: 1", "title: A contract", "", "input:", "  first: string", "", "types:"]
    for number in range(schemas):
        lines += [
            f"  Item{number}:",
            "    id: string",
            "    quantity: {type: integer, minimum: 0}",
            "    price: number",
            "    colour: {enum: [red, green, blue], required: false}",
            "    tags: string[]",
        ]
    lines += ["", "activities:"]
    for number in range(operations):
        lines += [
            f"  work{number}:",
            f"    description: Does the work of number {number}.",
            "    input: {id: string, amount: {type: number, required: false}}",
            f"    output: Item{number % schemas}",
            "    idempotent: true",
        ]
    lines += ["", "retries:", "  default: {max_attempts: 3, initial_delay: 1s}", "", "steps:"]
    given = "input.first"
    for number in range(operations):
        lines += [
            f"  - id: done{number}",
            f"    title: Work {number}",
            f"    call: work{number}",
            f"    with: {{id: '${{{given}}}'}}",
        ]
        given = f"done{number}.id"
    (folder / "activities").mkdir(parents=True)
    functions = [
        f'def work{n}(id: str, amount: float | None = None) -> dict:\n    return {{"id": id}}\n'
        for n in range(operations)
    ]
    (folder / "activities" / "contract.py").write_text("\n\n".join(functions), encoding="utf-8")
    path = folder / "contract.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sized_workflow(folder: Path, lines: int) -> Path:
    """A workflow file of about so many lines: an operation takes nine of them, and a type six."""
    operations = max(1, (lines - 15) * 6 // (9 * 6 + 6 * 8))
    return workflow(folder, operations, max(1, operations * 8 // 6))


def openapi(path: Path, operations: int, schemas: int) -> Path:
    """The same contract as an OpenAPI 3 document in JSON."""
    components: dict[str, Any] = {}
    for number in range(schemas):
        components[f"Item{number}"] = {
            "type": "object",
            "required": ["id", "quantity", "price", "tags"],
            "properties": {
                "id": {"type": "string"},
                "quantity": {"type": "integer", "minimum": 0},
                "price": {"type": "number"},
                "colour": {"type": "string", "enum": ["red", "green", "blue"]},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
        }
    paths: dict[str, Any] = {}
    for number in range(operations):
        body = {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}, "amount": {"type": "number"}},
        }
        reply = {"$ref": f"#/components/schemas/Item{number % schemas}"}
        paths[f"/work{number}"] = {
            "post": {
                "operationId": f"work{number}",
                "summary": f"Work {number}",
                "description": f"Does the work of number {number}.",
                "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
                "responses": {"200": {"description": "Done", "content": {"application/json": {"schema": reply}}}},
            }
        }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "A contract", "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return path
