"""The app under the host: loaded by path, apart from other apps, as a table of functions."""

import importlib.util
import inspect
import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from azure.functions import FunctionRegister

from .errors import HostError
from .hostjson import HostSettings, read_settings

log = logging.getLogger("flowbridge.host")
ENTRY = "function_app"
_lock = threading.Lock()
_owned: dict[str, Path] = {}


@dataclass(frozen=True)
class Function:
    """One function of the app: what triggers it, the name of the trigger's parameter, and what to call."""

    name: str
    kind: str
    parameter: str
    call: Callable[..., Any]
    is_async: bool
    takes_context: bool = False
    clients: tuple[str, ...] = ()
    route: str = ""
    methods: frozenset[str] | None = None
    auth: str = "FUNCTION"


@dataclass
class App:
    """The functions of one app by kind; orchestrators and activities by lower-case name."""

    directory: Path
    settings: HostSettings
    module: ModuleType
    orchestrators: dict[str, Function] = field(default_factory=dict[str, Function])
    activities: dict[str, Function] = field(default_factory=dict[str, Function])
    http: list[Function] = field(default_factory=list[Function])


def load_app(directory: Path) -> App:
    """Import directory/function_app.py and read its functions. Raises HostError H01, H02 or H03."""
    directory = directory.resolve()
    settings = read_settings(directory)
    _apply_local_settings(directory)
    with _lock:
        module = _import(directory)
    app = App(directory, settings, module)
    for function in _functions(module):
        _add(app, function)
    return app


def unload_app(app: App) -> None:
    """Forget the app's modules and its place on sys.path."""
    with _lock:
        _evict(app.directory)
        if str(app.directory) in sys.path:
            sys.path.remove(str(app.directory))


def _apply_local_settings(directory: Path) -> None:
    # An app may allow on this machine what it must not allow anywhere else.
    os.environ["FLOWBRIDGE_LOCAL_HOST"] = "1"
    path = directory / "local.settings.json"
    if not path.is_file():
        return
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig")).get("Values", {})
    except (OSError, ValueError, AttributeError) as error:
        raise HostError("H03", f"{path} cannot be read: {error}", "correct the file") from error
    for key, value in values.items():
        os.environ.setdefault(str(key), str(value))


def _import(directory: Path) -> ModuleType:
    path = directory / f"{ENTRY}.py"
    if not path.is_file():
        raise HostError("H01", f"there is no {ENTRY}.py in {directory}", "give the folder of a Functions app")
    _evict(None)
    while str(directory) in sys.path:
        sys.path.remove(str(directory))
    sys.path.insert(0, str(directory))
    spec = importlib.util.spec_from_file_location(ENTRY, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    sys.modules[ENTRY] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        _own(before, directory)
        _evict(directory)
        if not isinstance(error, Exception | SystemExit):
            raise
        raise HostError("H01", _where(error, path), "correct the app; it must import without error") from error
    _own(before, directory)
    return module


def _own(before: set[str], directory: Path) -> None:
    """Remember which modules came from the app's folder, so that the next app does not find them."""
    _owned[ENTRY] = directory
    for name in set(sys.modules) - before:
        module = sys.modules[name]
        # A folder without an __init__.py is a package as well; it has a path and no file.
        place = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
        if place and directory in Path(place).resolve().parents and "site-packages" not in place:
            _owned[name] = directory


def _evict(directory: Path | None) -> None:
    for name, owner in list(_owned.items()):
        if directory is None or owner == directory:
            sys.modules.pop(name, None)
            del _owned[name]


def _where(error: BaseException, path: Path) -> str:
    trace, line = error.__traceback__, 0
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        line = error.lineno
    return f"{path}:{line}: {type(error).__name__}: {error}"


def _functions(module: ModuleType) -> list[Any]:
    registers = [item for item in vars(module).values() if isinstance(item, FunctionRegister)]
    distinct = list({id(item): item for item in registers}.values())
    if len(distinct) != 1:
        found = "no" if not distinct else str(len(distinct))
        raise HostError(
            "H01",
            f"{module.__file__} has {found} function apps at its top level",
            "define exactly one, as in: app = df.DFApp()",
        )
    try:
        return cast(Any, distinct[0]).get_functions()
    except Exception as error:
        raise HostError("H01", f"{module.__file__}: {error}", "correct the decorators of that function") from error


def _add(app: App, source: Any) -> None:
    name: str = source.get_function_name()
    trigger = source.get_trigger()
    kind: str = trigger.get_binding_name()
    call = source.get_user_function()
    clients = tuple(b.name for b in source.get_bindings() if b.type == "durableClient")
    bare = getattr(call, "client_function", None) or getattr(call, "orchestrator_function", None) or call
    parameters = inspect.signature(bare).parameters
    made = Function(
        name,
        kind,
        trigger.name,
        call,
        inspect.iscoroutinefunction(bare) or inspect.isasyncgenfunction(bare),
        takes_context="context" in parameters and trigger.name != "context" and "context" not in clients,
        clients=clients,
    )
    match kind:
        case "orchestrationTrigger":
            app.orchestrators[(getattr(trigger, "orchestration", None) or name).lower()] = made
        case "activityTrigger":
            app.activities[(getattr(trigger, "activity", None) or name).lower()] = made
        case "httpTrigger":
            app.http.append(_http(made, trigger))
        case "entityTrigger":
            raise HostError("H02", f"the app declares the entity '{name}'; entities are not served", "remove it")
        case _:
            log.warning("function '%s' is not run here: the local host has no %s", name, kind)


def _http(made: Function, trigger: Any) -> Function:
    methods = None
    if trigger.methods:
        methods = frozenset(str(getattr(m, "value", m)).upper() for m in trigger.methods)
    auth = getattr(trigger.auth_level, "value", trigger.auth_level) or "FUNCTION"
    route = made.name if trigger.route is None else trigger.route
    return Function(
        made.name,
        made.kind,
        made.parameter,
        made.call,
        made.is_async or bool(made.clients),
        made.takes_context,
        made.clients,
        str(route).strip("/"),
        methods,
        str(auth).upper(),
    )
