"""Activities whose Python has drifted from their contract: each with the rule that has to find it, and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.subject import SHOWN, Subject

from flowbridge.model.activities import ActivitySources, PythonFunction
from flowbridge.model.types import ObjectType
from flowbridge.model.workflow import Activity
from flowbridge.read.activities import read_activities

FOLDER = "activities"


@dataclass(frozen=True)
class Drift:
    """The files of the activities with one of them changed; `place` is a line and a column of `file`."""

    files: tuple[tuple[str, bytes], ...]
    rule: str
    file: str
    place: tuple[int, int]

    def written(self, folder: Path) -> ActivitySources:
        """The changed activities as the compiler reads them."""
        for name, content in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return read_activities(folder, FOLDER)


def functions(subject: Subject) -> list[tuple[Activity, PythonFunction, str]]:
    """The activities with fields as input, each with its function and the path of its file."""
    found: list[tuple[Activity, PythonFunction, str]] = []
    for activity in subject.workflow.activities:
        function = subject.activities.function(activity.name)
        if function is not None and isinstance(activity.input, ObjectType) and activity.input.fields:
            found.append((activity, function, function.span.source.path))
    return found


def changed(subject: Subject, file: str, pattern: str, new: str) -> tuple[tuple[str, bytes], ...] | None:
    """The files with one place of one of them changed."""
    name = file.removeprefix(f"{FOLDER}/")
    text = dict(subject.activities.files)[name].decode()
    after, count = re.subn(pattern, new, text, count=1)
    if not count:
        return None
    return tuple((one, after.encode() if one == name else content) for one, content in subject.activities.files)


def renamed_function(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for activity, function, file in functions(subject):
        files = changed(subject, file, rf"def {function.name}\b", f"def {function.name}_now")
        if files is not None:
            found.append(Drift(files, "E451", SHOWN, (activity.span.line, activity.span.column)))
    return found


def renamed_parameter(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for _, function, file in functions(subject):
        first = function.parameters[0]
        files = changed(subject, file, rf"(def {function.name}\(\s*){first}\b", rf"\g<1>{first}_id")
        if files is not None:
            found.append(Drift(files, "E453", file, (function.span.line, function.span.column)))
    return found


def added_parameter(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for _, function, file in functions(subject):
        files = changed(subject, file, rf"def {function.name}\(", f"def {function.name}(more: str, ")
        if files is not None:
            found.append(Drift(files, "E453", file, (function.span.line, function.span.column)))
    return found


def wrong_annotation(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for _, function, file in functions(subject):
        first = function.parameters[0]
        written = function.annotations.get(first)
        if written is None or written.span is None:
            continue
        files = changed(subject, file, rf"(def {function.name}\(\s*{first}: )[^,)]+", r"\g<1>None")
        if files is not None:
            found.append(Drift(files, "E455", file, (written.span.line, written.span.column)))
    return found


def stub_left_in(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for _, function, file in functions(subject):
        name = file.removeprefix(f"{FOLDER}/")
        text = dict(subject.activities.files)[name].decode()
        # The function of this name is the last that Python sees; the one before it takes another name.
        renamed = re.sub(rf"def {function.name}\b", f"def former_{function.name}", text)
        given = ", ".join(function.parameters)
        stub = f"def {function.name}({given}):\n    raise NotImplementedError\n"
        whole = f"{renamed.rstrip()}\n\n\n{stub}"
        files = tuple((one, whole.encode() if one == name else content) for one, content in subject.activities.files)
        line = whole.count("\n") - 1
        found.append(Drift(files, "W451", file, (line, len("def ") + 1)))
    return found


def file_that_is_no_python(subject: Subject) -> list[Drift]:
    found: list[Drift] = []
    for _, _, file in functions(subject)[:1]:
        name = file.removeprefix(f"{FOLDER}/")
        files = tuple((one, b"def (\n" if one == name else content) for one, content in subject.activities.files)
        found.append(Drift(files, "E454", file, (1, 5)))
    return found


DRIFTS: dict[str, Callable[[Subject], list[Drift]]] = {
    one.__name__: one
    for one in (
        *(renamed_function, renamed_parameter, added_parameter, wrong_annotation, stub_left_in),
        file_that_is_no_python,
    )
}
