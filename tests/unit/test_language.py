"""LANGUAGE.md says what is so: each of its examples is compiled, and its table of functions is the compiler's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from flowbridge.check.contracts import stub
from flowbridge.checker import check_path
from flowbridge.compiler import compile_app
from flowbridge.model.functions import FUNCTIONS
from flowbridge.read.document import read_source
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError

PAGE = Path(__file__).resolve().parents[2] / "spec" / "LANGUAGE.md"
TEXT = PAGE.read_text(encoding="utf-8")
# What the fragments of the page stand in: a file whose names they read.
AROUND = """\
workflow: around
version: 1
title: Around the examples
description: What the fragments of the page read.
input:
  id: string
  batch_id: string
  reference: string
  amount: number
  due: {type: date, required: false}
  order: {number: string}
  invoices: Invoice[]
  approvers: string[]
  payable: Invoice[]
output: {paid: integer}
types:
  Invoice: {id: string, amount: number}
activities:
  pay: {input: {key: string}, output: {receipt: string}, errors: [BankDown], idempotent: true}
  refund: {input: {receipt: string}, idempotent: true}
  check: {input: Invoice, output: {ok: boolean}, idempotent: true}
  ask_near: {output: {price: number}, idempotent: true}
  ask_far: {output: {price: number}, idempotent: true}
  poll: {input: {id: string}, output: {state: string}, idempotent: true}
errors: [NotPaid, ApprovalExpired, NothingToPay]
retries:
  default: {max_attempts: 3, initial_delay: 1s}
"""
OTHER = """\
workflow: ship_order
version: 1
title: Ship an order
description: Another workflow of the app.
input: {order: {number: string}}
output: {tracking: string}
steps:
  - return: {tracking: 'T-${input.order.number}'}
"""


def blocks() -> list[tuple[int, str]]:
    """Every YAML block of the page with the line that it begins in."""
    found = re.finditer(r"^```yaml\n(.*?)^```", TEXT, re.M | re.S)
    return [(TEXT.count("\n", 0, one.start()) + 2, one[1]) for one in found]


WHOLE = [one for one in blocks() if one[1].startswith("workflow:")]
FRAGMENTS = [one for one in blocks() if one[1].lstrip().startswith("- ")]
OTHERS = [one for one in blocks() if one not in WHOLE and one not in FRAGMENTS]


def put(folder: Path, name: str, text: str) -> Path:
    """Writes a workflow with stubs of the activities that it declares."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    workflow, found = read_workflow(read_source(path, path.name))
    if workflow is None:
        raise CompileError(found)
    activities = folder / "activities"
    activities.mkdir(exist_ok=True)
    for one in workflow.activities:
        (activities / f"{one.name}.py").write_text(stub(one), encoding="utf-8")
    return path


@pytest.mark.parametrize(("line", "text"), WHOLE, ids=[f"line {line}" for line, _ in WHOLE])
def test_a_whole_file_compiles(line: int, text: str, tmp_path: Path) -> None:
    compiled = compile_app(put(tmp_path, "example.yaml", text))
    assert any(one.path.endswith("orchestrator.py") for one in compiled.app), line


@pytest.mark.parametrize(("line", "text"), FRAGMENTS, ids=[f"line {line}" for line, _ in FRAGMENTS])
def test_a_fragment_compiles_where_it_belongs(line: int, text: str, tmp_path: Path) -> None:
    put(tmp_path, "other.yaml", OTHER)
    steps = "".join(f"  {one}\n" for one in text.splitlines())
    before = BEFORE.get(first_id(text), "")
    last = "" if "- return:" in text else "  - return: {paid: 1}\n"
    put(tmp_path, "around.yaml", f"{AROUND}steps:\n{before}{steps}{last}")
    compile_app(tmp_path)


# Steps that a fragment reads the values of, by the fragment's first id.
BEFORE = {
    "payable": (
        "  - id: checks\n    for_each: inv\n    in: input.invoices\n"
        "    steps: [{id: one, call: check, with: '${inv}'}]\n"
        "    output: {invoice: '${inv}', ok: '${one.ok}'}\n"
    ),
}


def first_id(text: str) -> str:
    """The id of the first step of a fragment, or nothing."""
    found = re.search(r"- id: (\w+)", text)
    return found[1] if found else ""


def test_an_app_file_is_read(tmp_path: Path) -> None:
    text = next(text for _, text in OTHERS if text.startswith("app:"))
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    put(tmp_path, "around.yaml", OTHER)
    settings = check_path(tmp_path).settings
    assert settings is not None
    assert settings.name == yaml.safe_load(text)["app"]


def test_the_table_of_functions_is_the_compilers_own(request: pytest.FixtureRequest) -> None:
    rows = [f"| `{one.signature}` | {one.summary} |" for one in FUNCTIONS.values()]
    table = "\n".join(["| function | gives |", "|---|---|", *rows])
    begin, end = "<!-- functions -->\n", "\n<!-- end of functions -->"
    if request.config.getoption("--update-golden"):
        before, _, rest = TEXT.partition(begin)
        PAGE.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    assert page.partition(begin)[2].partition(end)[0].strip() == table
