"""host.json: the settings of the durable extension that a local host honours, and the ones it must refuse."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .errors import HostError

DEFAULT_HUB = "TestHubName"
MOST_THREADS = 64


@dataclass(frozen=True)
class HostSettings:
    """What host.json says, with the extension's defaults; `activity_threads` bounds activities at work at one time."""

    hub: str = DEFAULT_HUB
    route_prefix: str = "api"
    default_version: str | None = None
    version_match: str = "CurrentOrOlder"
    version_failure: str = "Reject"
    max_actions: int = 100_000
    overridable: str = "NonRunningStates"
    activity_threads: int = min(10 * (os.cpu_count() or 1), MOST_THREADS)


def read_settings(app_dir: Path) -> HostSettings:
    """Read app_dir/host.json; a missing file means defaults. Raises HostError H03."""
    path = app_dir / "host.json"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return HostSettings()
    except OSError as error:
        raise HostError("H03", f"{path} cannot be read: {error}", "make the file readable") from error
    try:
        content = json.loads(text)
    except ValueError as error:
        raise HostError("H03", f"{path} is not JSON: {error}", "correct the file") from error
    extensions = _section(_section({"host.json": content}, "host.json"), "extensions")
    return _settings(_section(extensions, "durableTask"), _section(extensions, "http"))


def _settings(durable: dict[str, Any], http: dict[str, Any]) -> HostSettings:
    default = HostSettings()
    if durable.get("extendedSessionsEnabled") is True:
        raise _wrong("extendedSessionsEnabled is true, which the extension refuses for Python", "remove the setting")
    hub = _expand(str(durable.get("hubName", default.hub)))
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{2,44}", hub):
        raise _wrong(f"hubName '{hub}' must be 3 to 45 letters and digits, a letter first", "choose another name")
    match = str(durable.get("versionMatchStrategy", default.version_match))
    failure = str(durable.get("versionFailureStrategy", default.version_failure))
    overridable = str(durable.get("overridableExistingInstanceStates", default.overridable))
    _one_of("versionMatchStrategy", match, ("None", "Strict", "CurrentOrOlder"))
    _one_of("versionFailureStrategy", failure, ("Reject", "Fail"))
    _one_of("overridableExistingInstanceStates", overridable, ("NonRunningStates", "AnyState"))
    version = durable.get("defaultVersion")
    return HostSettings(
        hub=hub,
        route_prefix=str(http.get("routePrefix", default.route_prefix)).strip("/"),
        default_version=None if version is None else str(version),
        version_match=match,
        version_failure=failure,
        max_actions=_positive(durable, "maxOrchestrationActions", default.max_actions),
        overridable=overridable,
        activity_threads=_positive(durable, "maxConcurrentActivityFunctions", default.activity_threads),
    )


def _section(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value: Any = parent.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(f"{key} must be an object", "correct the file")
    return cast("dict[str, Any]", value)


def _positive(section: dict[str, Any], key: str, default: int) -> int:
    value = section.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(f"{key} must be a whole number above 0, not {value!r}", "correct the file")
    return value


def _one_of(key: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise _wrong(f"{key} is '{value}', which is none of {', '.join(known)}", "correct the file")


def _expand(text: str) -> str:
    return re.sub(r"%([^%]+)%", lambda m: os.environ.get(m.group(1), ""), text)


def _wrong(message: str, cure: str) -> HostError:
    return HostError("H03", f"host.json: {message}", cure)


def version_order(one: str | None, other: str | None) -> int:
    """Compare two versions as DTFx does: empty is lowest, then numbers part by part, else text without case."""
    if not one or not other:
        return bool(one) - bool(other)
    try:
        a, b = _numbers(one), _numbers(other)
    except ValueError:
        a, b = one.lower(), other.lower()
        return (a > b) - (a < b)
    return (a > b) - (a < b)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    if not 2 <= len(parts) <= 4 or not all(part.isdecimal() for part in parts):
        raise ValueError(version)
    return (*(int(part) for part in parts), *(-1 for _ in range(4 - len(parts))))


def version_fits(settings: HostSettings, version: str | None) -> bool:
    """Whether this host runs instances of `version`."""
    match settings.version_match:
        case "None":
            return True
        case "Strict":
            return version_order(version, settings.default_version) == 0
        case _:
            return version_order(version, settings.default_version) <= 0
