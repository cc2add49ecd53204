"""Names in generated Python: the YAML's names where they are free, with an underscore where they are not."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

# fmt: off
_MODULE_NAMES = (
    "activities", "ask", "as_step_error", "cast", "collect", "config", "error", "failure", "in_batches", "payload",
    "run_branch", "run_loop", "annotations", "bp", "blueprint", "connector", "context", "decide", "func", "input_",
    "item", "lane", "models", "operations", "orchestrator", "perform", "perform_async", "register", "run", "run_lane",
    "run_workflow", "runtime", "schemas", "scope", "start", "status", "stop", "timedelta", "workflows",
    "coalesce", "first", "last", "smallest", "largest", "text", "parse_json", "to_json", "add_duration",
    "format_date",
)
# fmt: on
RESERVED = frozenset({*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *_MODULE_NAMES})
"""Names that mean something in the generated modules already."""


# fmt: off
SUPPORT = (
    "read_settings", "stop_children", "callback_announce", "callback_announce_end", "callback_catch_up",
    "callback_close", "callback_delivery", "callback_farewell", "callback_send", "callback_subscription",
    "connector_ping",
)
# fmt: on
"""The functions that every app has beside its own."""


class Allotment:
    """Hands out names, each once; the engine ignores the case of function names, so does this."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.lower() for name in taken}

    def give(self, wanted: str) -> str:
        """The wanted name, or with as many underscores at its end as it takes to be free."""
        while wanted.lower() in self._taken:
            wanted += "_"
        self._taken.add(wanted.lower())
        return wanted

    def either(self, wanted: str, longer: str) -> str:
        """The wanted name if it is free, else the longer one, made free."""
        return self.give(longer if wanted.lower() in self._taken else wanted)

    def numbered(self, wanted: str) -> str:
        """The wanted name, or with the lowest number from 2 that makes it free."""
        name, number = wanted, 2
        while name.lower() in self._taken:
            name, number = f"{wanted}{number}", number + 1
        self._taken.add(name.lower())
        return name


def pascal(name: str) -> str:
    """`data_processing` or `dataSource` as `DataProcessing` and `DataSource`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("-", "_").split("_") if part)


def constant(name: str) -> str:
    """`process_batch` as `PROCESS_BATCH`."""
    return name.upper()
