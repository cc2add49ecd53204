"""What a measured program and the bench say to each other: a JSON object a line out, one word a line in.

The program is a process of its own, told by its arguments what to do. It says `ready` once its engine is up, waits for
`go`, does the workload, and says `done` with the result. Between the two it may stop in the middle (`parked`) until it
hears `on`. The bench takes the times of these lines, so no program measures itself.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MARKS = "marks"


@dataclass(frozen=True)
class Job:
    """What to do: `size` counts what the workload names, `folder` is empty at first and holds what is durable.

    `options` tell variants of one program apart.
    """

    workload: str
    size: int
    folder: Path
    options: tuple[str, ...] = ()

    @property
    def marks(self) -> str:
        """The file that grows by one byte with each activity of a run that is to be killed."""
        return str(self.folder / MARKS)

    @property
    def resumed(self) -> bool:
        """Whether the folder holds a run that was killed."""
        return self.workload == "resumed"


def job() -> Job:
    """The job in this process's arguments: WORKLOAD SIZE FOLDER [OPTION...]."""
    workload, size, folder, *options = sys.argv[1:]
    return Job(workload, int(size), Path(folder), tuple(options))


def say(at: str, **facts: object) -> None:
    """Tell the bench where the program is."""
    print(json.dumps({"at": at, **facts}), flush=True)


def hear(word: str) -> None:
    """Wait for a word; the bench closes the pipe when it is done with the program."""
    if sys.stdin.readline().strip() != word:
        raise SystemExit(0)


def perform(work: Callable[[], int], pid: int | None = None) -> None:
    """Say ready, do the work when told to, say what came of it, and stay until the bench has looked.

    `pid` names the process to look at, where it is not this one.
    """
    say("ready", pid=pid)
    hear("go")
    say("done", result=work())
    hear("end")
