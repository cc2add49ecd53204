"""The table of functions: what it says of itself holds, in Python and in what is documented."""

from __future__ import annotations

import re

import pytest

from flowbridge.assets import error_page
from flowbridge.model.functions import FUNCTIONS, KIND_WORDS, Function, Kind, accepts
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    UnknownType,
)
from flowbridge.runtime import functions as runtime


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_can_be_written_out(function: Function) -> None:
    names = [f"argument_{number}" for number in range(max(2, len(function.parameters)))]
    count = len(function.parameters)
    written = function.python.replace("{all}", ", ".join(names[:count]))
    written = re.sub(r"\{(\d)\}", lambda match: names[int(match[1])], written)
    compile(written, "<written>", "eval")
    assert "{" not in written
    used = {name for name in names if name in written}
    assert used == set(names[:count])
    assert all(index < count for index in function.atoms)
    if function.runtime is not None:
        assert callable(getattr(runtime, function.runtime))
        assert written.startswith(f"{function.runtime}(")


def test_the_documentation_names_every_function() -> None:
    page = error_page("E211")
    assert page is not None
    known = re.findall(r"Known are (.*?)\.", page)[0].replace(" and ", ", ").split(", ")
    assert known == list(FUNCTIONS)


def test_signatures_for_people() -> None:
    assert FUNCTIONS["join"].signature == "join(texts, separator) -> string"
    assert FUNCTIONS["round"].signature == "round(number, digits?) -> number"
    assert FUNCTIONS["coalesce"].signature == "coalesce(value, other, …) -> value"
    assert FUNCTIONS["now"].signature == "now() -> date-time"
    assert all(one.summary.endswith(".") for one in FUNCTIONS.values())


TYPES = {
    "text": StringType(),
    "choice": EnumType(("a",)),
    "integer": IntegerType(),
    "number": NumberType(),
    "boolean": BooleanType(),
    "texts": ArrayType(StringType()),
    "integers": ArrayType(IntegerType()),
    "booleans": ArrayType(BooleanType()),
    "objects": ArrayType(ObjectType(())),
    "map": MapType(StringType()),
    "object": ObjectType(()),
}
ACCEPTED = {
    "anything": set(TYPES),
    "optional": set(TYPES),
    "text": {"text", "choice"},
    "integer": {"integer"},
    "number": {"integer", "number"},
    "simple": {"text", "choice", "integer", "number", "boolean"},
    "sized": {"text", "choice", "texts", "integers", "booleans", "objects", "map"},
    "list": {"texts", "integers", "booleans", "objects"},
    "numbers": {"integers"},
    "texts": {"texts"},
    "booleans": {"booleans"},
    "ordered": {"texts", "integers"},
    "comparable": {"text", "choice", "integer", "number"},
    "container": {"text", "choice", "texts", "integers", "booleans", "objects", "map"},
    "time": {"text", "choice"},
    "duration": {"text", "choice"},
}


@pytest.mark.parametrize("kind", KIND_WORDS)
def test_what_a_parameter_takes(kind: Kind) -> None:
    assert {name for name, given in TYPES.items() if accepts(kind, given)} == ACCEPTED[kind]
    assert accepts(kind, UnknownType())
    assert accepts(kind, NullType()) is (kind == "optional")
    assert accepts(kind, OptionalType(StringType())) is (kind == "optional")
