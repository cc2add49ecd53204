"""The work of the data processing workflow: check, split, process, report, finalize.

Nothing is kept on disk between the activities but the report, so they may run on different machines; each reads the
range of records that it is given. Reports go to the folder in DATA_PROCESSING_REPORTS, by default `reports` in the
system's folder for temporary files.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import tempfile
from itertools import islice
from pathlib import Path
from typing import TypedDict

from .records import Record, SourceMalformed, read_records

BATCH_SIZE = 25
BATCHES_AT_MOST = 400
PROBLEMS_SHOWN = 10


class Batch(TypedDict):
    """A range of records; `number` and `firstRecord` count from 1."""

    number: int
    firstRecord: int
    recordCount: int


class BatchResult(TypedDict):
    """What became of a batch; `total` sums the column `amount`, `checksum` is the SHA-256 of the records."""

    number: int
    recordsProcessed: int
    recordsRejected: int
    total: float
    checksum: str


def validate_input(dataSource: str, recordCount: int) -> dict[str, object]:
    """Reads the whole source once: it must be readable, not empty, and hold the records that were announced."""
    problems: list[str] = []
    found = 0
    columns: set[str] = set()
    try:
        for record in read_records(dataSource):
            found += 1
            columns.update(record)
    except SourceMalformed as failure:
        problems.append(str(failure))
    if not problems and found == 0:
        problems.append(f"{dataSource} holds no records")
    elif not problems and found != recordCount:
        problems.append(f"{dataSource} holds {found} records, {recordCount} were announced")
    if found and "amount" not in columns:
        problems.append("there is no column 'amount'")
    return {"valid": not problems, "recordCount": found, "problems": problems[:PROBLEMS_SHOWN]}


def split_into_batches(recordCount: int) -> list[Batch]:
    """Ranges of at most 25 records, or as large as it takes to need no more than 400 of them."""
    size = max(BATCH_SIZE, math.ceil(recordCount / BATCHES_AT_MOST))
    starts = range(0, recordCount, size)
    return [
        {"number": number, "firstRecord": start + 1, "recordCount": min(size, recordCount - start)}
        for number, start in enumerate(starts, start=1)
    ]


def process_batch(dataSource: str, batch: Batch) -> BatchResult:
    """Sums the amounts of a range of records; a record without a usable amount is counted as rejected."""
    start = batch["firstRecord"] - 1
    digest = hashlib.sha256()
    amounts: list[float] = []
    rejected = 0
    for record in islice(read_records(dataSource), start, start + batch["recordCount"]):
        digest.update(json.dumps(record, sort_keys=True).encode())
        amount = _amount(record)
        if amount is None:
            rejected += 1
        else:
            amounts.append(amount)
    return {
        "number": batch["number"],
        "recordsProcessed": len(amounts),
        "recordsRejected": rejected,
        "total": round(math.fsum(amounts), 2),
        "checksum": digest.hexdigest(),
    }


def _amount(record: Record) -> float | None:
    try:
        amount = float(record.get("amount", ""))
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None


def generate_report(
    runId: str,
    dataSource: str,
    requestedBy: str,
    results: list[BatchResult],
) -> dict[str, object]:
    """Writes the report as Markdown; written again, it is the same file."""
    processed = sum(one["recordsProcessed"] for one in results)
    rejected = sum(one["recordsRejected"] for one in results)
    total = round(math.fsum(one["total"] for one in results), 2)
    lines = [
        f"# Report on {dataSource}",
        "",
        f"Requested by {requestedBy}.",
        "",
        f"{processed} records processed, {rejected} rejected, total {total:.2f}.",
        "",
        "| batch | processed | rejected | total | checksum |",
        "|---:|---:|---:|---:|---|",
    ]
    for one in results:
        counts = f"{one['number']} | {one['recordsProcessed']} | {one['recordsRejected']}"
        lines.append(f"| {counts} | {one['total']:.2f} | `{one['checksum'][:12]}` |")
    path = _folder(runId) / "report.md"
    _write(path, "\n".join(lines) + "\n")
    return {"path": str(path), "recordsProcessed": processed, "recordsRejected": rejected, "total": total}


def finalize(reportPath: str, approvedBy: str, comments: str | None) -> dict[str, str]:
    """Writes the approved report beside the draft, with the approval at its end."""
    draft = Path(reportPath)
    approved = draft.with_name("report.approved.md")
    remark = f": {comments.rstrip('.')}" if comments else ""
    _write(approved, draft.read_text(encoding="utf-8") + f"\nApproved by {approvedBy}{remark}.\n")
    return {"reportPath": str(approved)}


def _folder(run_id: str) -> Path:
    """The folder of a run; its name is made of the id's safe characters and, where any was lost, a digest of it."""
    root = Path(os.environ.get("DATA_PROCESSING_REPORTS") or Path(tempfile.gettempdir()) / "reports")
    safe = re.sub(r"[^A-Za-z0-9_-]", "-", run_id)
    name = safe if safe == run_id else f"{safe}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    """Replaces a file as a whole: a reader sees the old text or the new, never a part."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=path.name, suffix=".tmp", delete=False
    ) as draft:
        draft.write(text)
    Path(draft.name).replace(path)
