"""What a host is started with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Profile = Literal["azure-storage", "dts"]
Replay = Literal["always", "check", "never"]


@dataclass(frozen=True)
class HostOptions:
    """The settings of one host.

    `app_dir` holds function_app.py and host.json; `data_dir` the database and the key.
    `port` 0 takes any free one. `profile` names the backend whose limits are simulated.
    `lenient` hangs and lies exactly as Azure does, instead of failing the instance with the reason.
    `speed` is in virtual seconds a real second (0: time moves only when it is advanced).
    `skip_time` lets the clock jump to the next timer once nothing else has happened for `idle_grace` real seconds.
    `replay`: every episode from nothing as on Azure (`always`), from the live generator with a replay from nothing at
    growing distances and at the end (`check`), or from the live generator alone (`never`).
    """

    app_dir: Path
    data_dir: Path
    port: int = 7071
    profile: Profile = "azure-storage"
    lenient: bool = False
    speed: float = 1.0
    skip_time: bool = False
    function_key: str | None = None
    durable: bool = True
    idle_grace: float = 0.25
    replay: Replay = "check"
    max_body: int = 100 * 1024 * 1024
