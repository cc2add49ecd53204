"""The peers: what each is, how it is installed, and which interpreter has it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "FLOWBRIDGE_BENCH_PYTHON"


@dataclass(frozen=True)
class Peer:
    """A package that does a part of what Flowbridge does."""

    name: str
    requirement: str
    module: str
    durable: bool = True

    def interpreter(self) -> str | None:
        """The interpreter that can import it: one of those in FLOWBRIDGE_BENCH_PYTHON, or the one that runs this."""
        for python in [*filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)), sys.executable]:
            tried = subprocess.run([python, "-c", f"import {self.module}"], capture_output=True, check=False)
            if tried.returncode == 0:
                return python
        return None

    @property
    def cure(self) -> str:
        """What to do where it is not installed."""
        return f"pip install {self.requirement}"


def script(python: str, name: str) -> str:
    """A command that a package has installed beside its interpreter."""
    return str(Path(python).parent / name)


DBOS = Peer("DBOS", "dbos", "dbos")
DURABLETASK = Peer("durabletask, in memory", "durabletask", "durabletask.testing", durable=False)
EDDA = Peer("edda", "edda-framework", "edda")
PREFECT = Peer("Prefect", "prefect 'fastapi<0.145'", "prefect")
CLIENT_GENERATOR = Peer("openapi-python-client", "openapi-python-client", "openapi_python_client")
MODEL_GENERATOR = Peer("datamodel-code-generator", "datamodel-code-generator", "datamodel_code_generator")
PEERS = (DBOS, DURABLETASK, EDDA, PREFECT, CLIENT_GENERATOR, MODEL_GENERATOR)


def installed() -> dict[str, str]:
    """The interpreters of the peers that are there, by the peer's name."""
    return {peer.name: found for peer in PEERS if (found := peer.interpreter()) is not None}
