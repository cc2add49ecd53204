"""Values that stand in the YAML as they are, against types."""

from __future__ import annotations

import pytest

from flowbridge.model.literals import in_format, misfit
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    Json,
    MapType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
    type_format,
)

OBJECT = ObjectType((Field("a", IntegerType()), Field("b", StringType(), required=False)))


@pytest.mark.parametrize(
    ("value", "wanted", "fits"),
    [
        ("x", StringType(min_length=1, max_length=3), True),
        ("", StringType(min_length=1), False),
        ("long", StringType(max_length=3), False),
        (1, StringType(), False),
        ("2026-01-31", StringType("date"), True),
        ("31.1.2026", StringType("date"), False),
        (1, IntegerType(), True),
        (1.0, IntegerType(), True),
        (1.5, IntegerType(), False),
        (True, IntegerType(), False),
        (5, IntegerType(maximum=4), False),
        (5, NumberType(minimum=5.5), False),
        (True, BooleanType(), True),
        (1, BooleanType(), False),
        ("a", EnumType(("a", "b")), True),
        ("c", EnumType(("a", "b")), False),
        (None, OptionalType(StringType()), True),
        (None, StringType(), False),
        ([1, 2], ArrayType(IntegerType(), 1, 2), True),
        ([1, "x"], ArrayType(IntegerType()), False),
        ([], ArrayType(IntegerType(), 1), False),
        ([1, 2, 3], ArrayType(IntegerType(), None, 2), False),
        ({"x": 1}, MapType(IntegerType()), True),
        ({"x": "y"}, MapType(IntegerType()), False),
        ([], MapType(IntegerType()), False),
        ({"a": 1}, OBJECT, True),
        ({"a": 1, "b": "x"}, OBJECT, True),
        ({"b": "x"}, OBJECT, False),
        ({"a": 1, "c": 1}, OBJECT, False),
    ],
)
def test_misfits(value: Json, wanted: Type, fits: bool) -> None:
    assert (misfit(value, wanted) is None) is fits


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2026-02-30", "date", False),
        ("20260131", "date", False),
        ("2026-01-31T08:00:00Z", "date-time", True),
        ("2026-01-31T08:00:00+02:00", "date-time", True),
        ("2026-01-31T08:00:00", "date-time", False),
        ("2026-01-31", "date-time", False),
        ("7d", "duration", True),
        ("PT1H", "duration", True),
        ("-7d", "duration", True),
        ("P", "duration", False),
        ("7", "duration", False),
        ("a@b.c", "email", True),
        ("a b@c", "email", False),
        ("https://a/b", "uri", True),
        ("a/b", "uri", False),
        ("123e4567-e89b-12d3-a456-426614174000", "uuid", True),
        ("123e4567e89b12d3a456426614174000", "uuid", False),
    ],
)
def test_formats(text: str, form: type_format, expected: bool) -> None:
    assert in_format(text, form) is expected
