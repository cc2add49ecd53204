"""The compiler's workloads: whole processes, from cold, against what they have to import and against generators."""

import sys
from collections.abc import Callable
from pathlib import Path

from .contest import Contest, Entry, Figures
from .documents import FLAGSHIP, LINES, OPERATIONS, SCHEMAS, openapi, sized_workflow, variations, workflow
from .peers import CLIENT_GENERATOR, MODEL_GENERATOR, script
from .session import run

CHECK, BUILD, HELP = "flowbridge check", "flowbridge build --check", "flowbridge --help"
IMPORTS, CLICK = "import jinja2, yaml, jsonschema", "import click"
PER_FILE, GENERATE = "flowbridge check of all", "flowbridge build"
Command = Callable[[Path], list[str]]


def flowbridge() -> list[str]:
    """The command as users have it, or the module where the script is not beside this interpreter."""
    beside = Path(sys.executable).parent / "flowbridge"
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "flowbridge"]


def whole(name: str, command: Command, *, ours: bool = False, prepare: Callable[[Path], object] | None = None) -> Entry:
    """An entry that is one process in its folder, timed from start to end; `prepare` lays out the folder before."""

    def measure(folder: Path, limit: float) -> Figures:
        if prepare is not None:
            prepare(folder)
        return {"seconds": run(command(folder), limit, folder)}

    return Entry(name, measure, ours)


def start_up(rounds: int, budget: float) -> Contest:
    """The commands on the flagship, against imports."""

    def built(folder: Path) -> None:
        run([*flowbridge(), "build", str(FLAGSHIP), "--out", str(folder)], 60)

    checked = [*flowbridge(), "build", str(FLAGSHIP), "--check", "--out"]
    entries = (
        whole(CHECK, lambda _: [*flowbridge(), "check", str(FLAGSHIP)], ours=True),
        whole(BUILD, lambda folder: [*checked, str(folder)], ours=True, prepare=built),
        whole(HELP, lambda _: [*flowbridge(), "--help"], ours=True),
        whole(IMPORTS, lambda _: [sys.executable, "-c", IMPORTS]),
        whole(CLICK, lambda _: [sys.executable, "-c", CLICK]),
        whole("pass", lambda _: [sys.executable, "-c", "pass"]),
    )
    return Contest("C1", "the commands on the flagship, as whole processes", entries, rounds, 60.0, budget)


def many_files(count: int, rounds: int, budget: float) -> Contest:
    """Files a second, in one process."""

    def measure(folder: Path, limit: float) -> Figures:
        paths = variations(folder, count)
        seconds = run([*flowbridge(), "check", *map(str, paths)], limit)
        return {"seconds a file": seconds / count}

    title = f"{count} variations of the flagship in one process"
    return Contest("C2", title, (Entry(PER_FILE, measure, ours=True),), rounds, 300.0, budget)


def sizes(rounds: int, budget: float) -> Contest:
    """One file of growing length."""

    def entry(lines: int) -> Entry:
        def measure(folder: Path, limit: float) -> Figures:
            path = sized_workflow(folder, lines)
            return {"seconds": run([*flowbridge(), "check", str(path)], limit)}

        return Entry(of_lines(lines), measure, ours=lines == LINES[-1])

    entries = tuple(entry(lines) for lines in (50, *LINES))
    return Contest("C3", "flowbridge check of one file of so many lines", entries, rounds, 120.0, budget)


def of_lines(lines: int) -> str:
    """The name of the entry that checks a file of that length."""
    return f"{lines:,} lines"


def generators(installed: dict[str, str], factor: int, rounds: int, budget: float) -> Contest:
    """A build against the generators' work on a document of as many operations and types."""
    operations, schemas = OPERATIONS * factor, SCHEMAS * factor

    def document(folder: Path) -> Path:
        return openapi(folder / "contract.json", operations, schemas)

    entries = [
        whole(
            GENERATE,
            lambda folder: [*flowbridge(), "build", str(folder / "spec" / "contract.yaml"), "--out", str(folder)],
            ours=True,
            prepare=lambda folder: workflow(folder / "spec", operations, schemas),
        )
    ]
    client, model = installed.get(CLIENT_GENERATOR.name), installed.get(MODEL_GENERATOR.name)
    if client is not None:
        command = [script(client, "openapi-python-client"), "generate", "--output-path", "client", "--path"]
        entries.append(whole(CLIENT_GENERATOR.name, lambda _: [*command, "contract.json"], prepare=document))
    if model is not None:
        generator = [script(model, "datamodel-codegen"), "--input-file-type", "openapi", "--output", "models.py"]
        entries.append(
            whole(MODEL_GENERATOR.name, lambda _: [*generator, "--input", "contract.json"], prepare=document)
        )
    name = "C4" if factor == 1 else "C4-large"
    title = f"a contract of {operations} operations and {schemas} types"
    return Contest(name, title, tuple(entries), rounds, 300.0, budget)


def contests(installed: dict[str, str], *, quick: bool) -> list[Contest]:
    """The contests; the quick ones leave out the large document and most of the files."""
    rounds, budget = (3, 8.0) if quick else (9, 120.0)
    found = [
        start_up(rounds + 2, budget),
        many_files(100 if quick else 500, rounds, budget),
        sizes(rounds, budget),
        generators(installed, 1, rounds, budget),
    ]
    return found if quick else [*found, generators(installed, 100, 3, budget)]
