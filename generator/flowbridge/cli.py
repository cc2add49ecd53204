"""The command line: arguments in, exit code out; the only module that prints.

Products go to stdout, diagnostics to stderr. Exit codes: 0 fine, 1 diagnostics, 2 usage, 3 drift under `--check`,
70 a bug of ours. Modules are imported inside the commands so that each command loads only what it needs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click

from flowbridge.text.diagnostic import CompileError, Diagnostic

FOUND, DRIFT, BUG = 1, 3, 70
Format = Literal["text", "json", "github", "sarif"]

_SPEC = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_format = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="How findings are printed.",
)

_release = click.option("--release", is_flag=True, help="Refuse what is only fit for development, such as stubs.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="flowbridge")
def cli() -> None:
    """Compiles a YAML workflow into a Durable Functions app and a Power Platform connector, and runs it here."""


def main() -> None:
    """The entry point: a bug of ours keeps its traceback and has an exit code of its own."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be printed, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("This is a bug in flowbridge, not in the workflow: please report it with the lines above.", err=True)
        sys.exit(BUG)


@cli.command()
@click.argument("specs", type=_SPEC, nargs=-1, required=True)
@_release
@_format
def check(specs: tuple[Path, ...], release: bool, style: Format) -> None:
    """Check workflow files, or folders of them as one app each; nothing is written."""
    from flowbridge.checker import NoWorkflowError, check_path, workflow_files

    found: list[Diagnostic] = []
    count = 0
    for spec in specs:
        try:
            count += len(workflow_files(spec))
            found += check_path(spec, release=release).warnings
        except CompileError as error:
            found += error.diagnostics
        except NoWorkflowError as error:
            raise click.UsageError(str(error)) from error
    if _report(found, style):
        sys.exit(FOUND)
    if style == "text":
        click.echo(f"{count} {'file' if count == 1 else 'files'} checked, no errors.")


@cli.command()
@click.argument("spec", type=_SPEC)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 3 with a diff if a build would.")
@click.option("--out", type=_FOLDER, default=".", help="Where generated/ and connector/ are put; here by default.")
@click.option("--break-flows", is_flag=True, help="Accept changes of the connector that break flows which use it.")
@_release
@_format
def build(spec: Path, only_check: bool, out: Path, break_flows: bool, release: bool, style: Format) -> None:
    """Compile a workflow file, or a folder of them as one app, into generated/ and connector/."""
    from flowbridge.checker import NoWorkflowError
    from flowbridge.compiler import broken_flows, compile_app
    from flowbridge.write import OutputFolderError, drift, write

    try:
        compiled = compile_app(spec, release=release)
    except NoWorkflowError as error:
        raise click.UsageError(str(error)) from error
    except CompileError as error:
        _report(error.diagnostics, style)
        sys.exit(FOUND)
    broken = () if break_flows else broken_flows(compiled, out / "connector")
    if _report([*compiled.warnings, *broken], style):
        sys.exit(FOUND)
    parts = ((compiled.app, out / "generated"), (compiled.connector, out / "connector"))
    if only_check:
        lines = [line for artifacts, folder in parts for line in drift(artifacts, folder)]
        for line in lines:
            click.echo(line)
        if lines:
            click.echo(f"The build of {spec} differs from what is in {out}: run `flowbridge build {spec}`.", err=True)
            sys.exit(DRIFT)
        return
    try:
        for artifacts, folder in parts:
            changed = write(artifacts, folder)
            click.echo(f"{folder}: {len(artifacts)} files, {changed} changed")
    except (OutputFolderError, OSError) as failure:
        raise click.ClickException(str(failure)) from failure


@cli.command()
@click.argument("target", type=click.Path(exists=True, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65_535), default=7071, help="0 takes any free port.")
@click.option("--data", type=_FOLDER, help="Where instances are kept; .flowbridge/NAME by default.")
@click.option("--profile", type=click.Choice(["azure-storage", "dts"]), default="azure-storage")
@click.option("--lenient", is_flag=True, help="Hang where Azure would hang, instead of failing with the reason.")
@click.option("--speed", type=click.FloatRange(0, 1e9), default=1.0, help="Virtual seconds in a real second.")
@click.option("--skip-time", is_flag=True, help="Jump to the next timer whenever nothing else can run.")
@click.option("--key", envvar="FLOWBRIDGE_FUNCTION_KEY", help="The function key; made and kept unless given.")
def host(
    target: Path,
    port: int,
    data: Path | None,
    profile: Literal["azure-storage", "dts"],
    lenient: bool,
    speed: float,
    skip_time: bool,
    key: str | None,
) -> None:
    """Run a workflow file, a folder of them, or the folder of any Durable Functions app, on this machine."""
    from flowbridge.host.errors import HostError
    from flowbridge.host.options import HostOptions
    from flowbridge.host.server import serve

    data = data or Path(".flowbridge") / target.resolve().stem
    is_app = target.is_dir() and (target / "function_app.py").is_file()
    try:
        options = HostOptions(
            app_dir=target if is_app else _compiled_app(target, data),
            data_dir=data,
            port=port,
            profile=profile,
            lenient=lenient,
            speed=speed,
            skip_time=skip_time,
            function_key=key,
        )
        sys.exit(serve(options, ready=lambda url: _say_ready(url, data, key)))
    except HostError as error:
        click.echo(str(error), err=True)
        sys.exit(FOUND)


def _say_ready(url: str, data: Path, key: str | None) -> None:
    click.echo(f"Listening on {url}")
    where = "as given" if key else f"in {data / 'function.key'}"
    click.echo(f"The function key is {where}; send it as the header x-functions-key. Stop with Ctrl-C.")


def _compiled_app(spec: Path, data: Path) -> Path:
    from flowbridge.checker import NoWorkflowError
    from flowbridge.compiler import compile_app
    from flowbridge.host.errors import HostError
    from flowbridge.write import OutputFolderError, write

    try:
        compiled = compile_app(spec)
        write(compiled.app, data / "app")
    except NoWorkflowError as error:
        message = f"{spec} holds neither an app (function_app.py) nor a workflow (*.yaml)"
        raise HostError("H01", message, "give a workflow file, a folder of them, or the folder of an app") from error
    except CompileError as error:
        _report(error.diagnostics, "text")
        sys.exit(FOUND)
    except (OutputFolderError, OSError) as failure:
        raise click.ClickException(str(failure)) from failure
    _report(compiled.warnings, "text")
    return data / "app"


@cli.command()
@click.option("--keep", is_flag=True, help="Leave the host running at the end, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Any free port by default.")
def demo(keep: bool, port: int) -> None:
    """Run the flagship workflow with sample data, through its approval, to the result."""
    from flowbridge.demo import DemoError, run_demo
    from flowbridge.host.errors import HostError

    try:
        run_demo(click.echo, keep=keep, port=port)
    except (DemoError, HostError) as failure:
        raise click.ClickException(str(failure)) from failure


@cli.command("lint-connector")
@click.argument("definition", type=_SPEC)
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="How findings are printed."
)
def lint_connector(definition: Path, style: Literal["text", "json"]) -> None:
    """Check the definition of any Power Platform connector by the platform's own rules."""
    from flowbridge.lint import lint_text

    found = lint_text(definition.read_bytes())
    if style == "json":
        shown = [
            {"rule": one.rule, "severity": one.severity, "at": one.pointer, "message": one.message, "basis": one.basis}
            for one in found
        ]
        click.echo(json.dumps(shown, indent=2))
    else:
        for one in found:
            click.echo(str(one))
        errors = sum(one.severity == "error" for one in found)
        click.echo(f"{errors} errors and {len(found) - errors} warnings in {definition}", err=True)
    if any(one.severity == "error" for one in found):
        sys.exit(FOUND)


@cli.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a finding by its code, such as E203; without a code, list them all."""
    from flowbridge.assets import error_page
    from flowbridge.text.rules import RULES

    if code is None:
        for rule in RULES.values():
            click.echo(f"{rule.code}  {rule.title}")
        return
    page = error_page(code)
    if page is None:
        raise click.UsageError(f"there is no finding {code!r}; `flowbridge explain` lists them")
    click.echo(page.rstrip())


@cli.command()
def schema() -> None:
    """Print the JSON Schema of workflow files, for editors."""
    from flowbridge.assets import schema_text

    click.echo(schema_text().rstrip())


@cli.command()
@click.argument("what")
@click.argument("name", required=False)
@click.option("--spec", type=_SPEC, help="The workflow that declares the activity.")
def new(what: str, name: str | None, spec: Path | None) -> None:
    """Make a project in the folder WHAT, or `activity NAME`: a stub of an activity that --spec declares."""
    from flowbridge.scaffold import ProjectExistsError, new_activity, new_project

    if what == "activity" and name is not None:
        if spec is None:
            raise click.UsageError("name the workflow that declares the activity: --spec FILE")
        try:
            click.echo(new_activity(name, spec).as_posix())
        except CompileError as error:
            _report(error.diagnostics, "text")
            sys.exit(FOUND)
        except (ProjectExistsError, OSError) as failure:
            raise click.ClickException(str(failure)) from failure
        return
    folder = Path(what)
    try:
        made = new_project(folder)
    except (ProjectExistsError, OSError) as failure:
        raise click.ClickException(str(failure)) from failure
    for path in made:
        click.echo(path.as_posix())
    first = made[0].relative_to(folder).as_posix()
    click.echo(f"\nNext: cd {folder} && flowbridge build {first} && flowbridge host {first}")


@cli.command()
@click.option("--stdio", is_flag=True, help="What some editors always add; there is nothing else.")
def lsp(stdio: bool) -> None:
    """Serve an editor over the Language Server Protocol, on standard input and output."""
    del stdio
    from flowbridge.lsp.server import serve

    sys.exit(serve())


def _report(found: Iterable[Diagnostic], style: Format) -> bool:
    """Prints findings, and tells whether one of them is an error."""
    from flowbridge.text.show import render, summary, wants_color

    found = tuple(found)
    if style in ("json", "sarif"):
        click.echo(render(found, style))
    elif found:
        color = wants_color(os.environ, sys.stderr.isatty())
        click.echo(render(found, style, color), err=True, color=color)
        if style == "text":
            click.echo(summary(found), err=True)
    return any(one.severity == "error" for one in found)
