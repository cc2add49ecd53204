"""Stubs of activities: a Python file with the types of the contract, whose function is still to be written."""

from __future__ import annotations

from flowbridge.check.annotations import python_type
from flowbridge.model.types import ArrayType, Field, MapType, ObjectType, OptionalType, Type
from flowbridge.model.workflow import Activity


def signature(activity: Activity) -> str:
    """The first line of an activity's function, without its colon."""
    given: list[str] = []
    if isinstance(activity.input, ObjectType):
        given = [f"{one.name}: {python_type(one.read_type)}" for one in activity.input.fields]
    elif activity.input is not None:
        given = [f"value: {python_type(activity.input)}"]
    result = python_type(activity.output) if activity.output is not None else "None"
    return f"def {activity.name}({', '.join(given)}) -> {result}"


def stub(activity: Activity) -> str:
    """A Python file with the function of an activity: its types are there, its body raises NotImplementedError."""
    classes = _Classes(activity.name)
    given: list[str] = []
    if isinstance(activity.input, ObjectType):
        given = [f"{one.name}: {classes.type(one.read_type, one.name)}" for one in activity.input.fields]
    elif activity.input is not None:
        given = [f"value: {classes.type(activity.input, 'input')}"]
    result = classes.type(activity.output, "result") if activity.output is not None else "None"
    told = _sentence(activity.description or activity.title or f"Does the work of {activity.name}")
    parts = [f'"""{told}"""', "from __future__ import annotations"]
    if classes.made:
        optional = any("NotRequired[" in one for one in classes.made)
        parts.append(f"from typing import {'NotRequired, TypedDict' if optional else 'TypedDict'}")
    head = "\n\n".join(parts)
    body = [*classes.made, *(_error(one) for one in activity.errors), _function(activity, given, result, told)]
    return "\n\n\n".join([head, *body]) + "\n"


def _function(activity: Activity, given: list[str], result: str, told: str) -> str:
    first = f"def {activity.name}({', '.join(given)}) -> {result}:"
    if len(first) > 120:
        first = f"def {activity.name}(\n    " + ",\n    ".join(given) + f",\n) -> {result}:"
    return f'{first}\n    """{told}"""\n    raise NotImplementedError("{activity.name}")'


def _error(name: str) -> str:
    return f'class {name}(Exception):  # noqa: N818\n    """The error {name} of the workflow."""'


def _sentence(text: str) -> str:
    flat = " ".join(text.split()).replace("\\", "/").replace('"', "'")
    return flat if flat.endswith((".", "!", "?")) else f"{flat}."


class _Classes:
    """The TypedDicts that a stub needs; an object without a name is called after where it stands."""

    def __init__(self, activity: str) -> None:
        self.made: list[str] = []
        self._owner = "".join(part.capitalize() for part in activity.split("_"))
        self._names: dict[str, ObjectType] = {}

    def type(self, given: Type, where: str) -> str:
        """The annotation of a type."""
        match given:
            case OptionalType(inner=inner):
                return f"{self.type(inner, where)} | None"
            case ArrayType(items=items):
                return f"list[{self.type(items, where)}]"
            case MapType(values=values):
                return f"dict[str, {self.type(values, where)}]"
            case ObjectType():
                return self._class(given, where)
            case _:
                return python_type(given)

    def _class(self, given: ObjectType, where: str) -> str:
        name = given.name or self._owner + "".join(part[:1].upper() + part[1:] for part in where.split("_"))
        while self._names.get(name, given) != given:
            name += "_"
        if name not in self._names:
            self._names[name] = given
            lines = [f"    {one.name}: {self._field(one)}" for one in given.fields]
            text = f'class {name}(TypedDict):\n    """{_article(name)}."""\n'
            self.made.append(text + ("\n" + "\n".join(lines) if lines else "").rstrip())
        return name

    def _field(self, one: Field) -> str:
        kind = self.type(one.type, one.name)
        return kind if one.required or one.read_type == one.type else f"NotRequired[{kind}]"


def _article(name: str) -> str:
    return f"{'An' if name[:1] in 'AEIOU' else 'A'} {name}"
