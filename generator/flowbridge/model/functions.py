"""The functions of the language, one table: from it the checker, the generated code and the documentation are made.

`python` is how a call is written out: `{0}`, `{1}` are the arguments, `{all}` all of them with commas. An argument in
`atoms` stands beside an operator or a dot there and needs parentheses unless it is a name, a call or a literal; a call
that is `compound` needs them itself. `runtime` names the function of the generated app's `runtime.functions` that must
be imported for it. `run` is the orchestrator's own context: its clock and its ids are the same in every replay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flowbridge.model.assignability import join, plain
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    OptionalType,
    StringType,
    Type,
    UnknownType,
)

Kind = Literal[
    "anything",
    "optional",
    "text",
    "integer",
    "number",
    "simple",
    "sized",
    "list",
    "numbers",
    "texts",
    "booleans",
    "ordered",
    "comparable",
    "container",
    "time",
    "duration",
]
"""What a parameter takes; `KIND_WORDS` says it to people."""

KIND_WORDS: dict[Kind, str] = {
    "anything": "a value",
    "optional": "a value that may be missing",
    "text": "a text",
    "integer": "a whole number",
    "number": "a number",
    "simple": "a text, a number or a truth value",
    "sized": "a text, a list or a map",
    "list": "a list",
    "numbers": "a list of numbers",
    "texts": "a list of texts",
    "booleans": "a list of truth values",
    "ordered": "a list of numbers or of texts",
    "comparable": "a number or a text",
    "container": "a list, a text or a map",
    "time": "a date or a time",
    "duration": "a duration such as 7d",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter by position."""

    name: str
    kind: Kind
    optional: bool = False


@dataclass(frozen=True)
class Function:
    """One function: what it takes, what it gives, and how it is written out."""

    name: str
    parameters: tuple[Parameter, ...]
    gives: str
    result: Callable[[tuple[Type, ...]], Type]
    summary: str
    python: str
    runtime: str | None = None
    atoms: frozenset[int] = frozenset()
    compound: bool = False
    variadic: bool = False
    """Whether the last parameter may be repeated."""
    several: Kind | None = None
    """What each argument must be where there is more than one; None: what its parameter says."""

    @property
    def signature(self) -> str:
        """`join(texts, separator) -> string`, for people."""
        names = [f"{one.name}?" if one.optional else one.name for one in self.parameters]
        if self.variadic:
            names.append("…")
        return f"{self.name}({', '.join(names)}) -> {self.gives}"

    @property
    def fewest(self) -> int:
        """How many arguments a call has at least."""
        return sum(not one.optional for one in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments a call has at most; None where the last repeats."""
        return None if self.variadic else len(self.parameters)

    def kind(self, index: int, count: int) -> Kind:
        """What the argument at `index` of `count` must be."""
        if self.several is not None and count > 1:
            return self.several
        return self.parameters[min(index, len(self.parameters) - 1)].kind


def _always(result: Type) -> Callable[[tuple[Type, ...]], Type]:
    def give(arguments: tuple[Type, ...]) -> Type:
        del arguments
        return result

    return give


def _item(arguments: tuple[Type, ...]) -> Type:
    """The item type of the first argument."""
    first = plain(arguments[0])
    return first.items if isinstance(first, ArrayType) else UnknownType()


def _maybe_item(arguments: tuple[Type, ...]) -> Type:
    item = _item(arguments)
    return item if isinstance(item, OptionalType | UnknownType) else OptionalType(item)


def _extreme(arguments: tuple[Type, ...]) -> Type:
    """Of several values one of them; of a list one of its items, and none where it is empty."""
    if len(arguments) == 1 and isinstance(plain(arguments[0]), ArrayType):
        return _maybe_item(arguments)
    return _joined(arguments)


def _joined(arguments: tuple[Type, ...]) -> Type:
    result = arguments[0]
    for one in arguments[1:]:
        result = join(result, one) or UnknownType()
    return result


def _sum(arguments: tuple[Type, ...]) -> Type:
    item = _item(arguments)
    return IntegerType() if isinstance(item, IntegerType) else NumberType()


def _sorted(arguments: tuple[Type, ...]) -> Type:
    return ArrayType(_item(arguments))


def _coalesced(arguments: tuple[Type, ...]) -> Type:
    """The first that is there: missing only if the last may be."""
    inner = _joined(tuple(one.inner if isinstance(one, OptionalType) else one for one in arguments if not _null(one)))
    last = arguments[-1]
    return OptionalType(inner) if isinstance(last, OptionalType | NullType) else inner


def _null(one: Type) -> bool:
    return isinstance(one, NullType)


def _rounded(arguments: tuple[Type, ...]) -> Type:
    return IntegerType() if len(arguments) == 1 else NumberType()


_TEXT, _WHOLE, _NUMBER, _TRUTH = StringType(), IntegerType(), NumberType(), BooleanType()
_TIME, _DATE = StringType("date-time"), StringType("date")

_TABLE = (
    Function("len", (Parameter("value", "sized"),), "integer", _always(_WHOLE),
             "How many characters, items or keys.", "len({0})"),
    Function("sum", (Parameter("numbers", "numbers"),), "number", _sum, "The sum; 0 of an empty list.", "sum({0})"),
    Function("min", (Parameter("values", "ordered"),), "item?", _extreme,
             "The least of a list, missing where it is empty; or the least of several values.",
             "smallest({all})", runtime="smallest", variadic=True, several="comparable"),
    Function("max", (Parameter("values", "ordered"),), "item?", _extreme,
             "The greatest of a list, missing where it is empty; or the greatest of several values.",
             "largest({all})", runtime="largest", variadic=True, several="comparable"),
    Function("sorted", (Parameter("values", "ordered"),), "list", _sorted,
             "The items in ascending order.", "sorted({0})"),
    Function("any", (Parameter("values", "booleans"),), "boolean", _always(_TRUTH),
             "Whether one of them is true.", "any({0})"),
    Function("all", (Parameter("values", "booleans"),), "boolean", _always(_TRUTH),
             "Whether all of them are true.", "all({0})"),
    Function("str", (Parameter("value", "simple"),), "string", _always(_TEXT),
             "The value as text, as `${ }` within a text writes it.", "text({0})", runtime="text"),
    Function("int", (Parameter("value", "simple"),), "integer", _always(_WHOLE),
             "A whole number from a text or a number; a fraction is cut off.", "int({0})"),
    Function("float", (Parameter("value", "simple"),), "number", _always(_NUMBER),
             "A number from a text or a number.", "float({0})"),
    Function("round", (Parameter("number", "number"), Parameter("digits", "integer", optional=True)), "number",
             _rounded, "Rounded to digits after the point, or to a whole number; halves go to the even neighbour.",
             "round({all})"),
    Function("upper", (Parameter("text", "text"),), "string", _always(_TEXT),
             "In capital letters.", "{0}.upper()", atoms=frozenset({0})),
    Function("lower", (Parameter("text", "text"),), "string", _always(_TEXT),
             "In small letters.", "{0}.lower()", atoms=frozenset({0})),
    Function("split", (Parameter("text", "text"), Parameter("separator", "text")), "string[]",
             _always(ArrayType(_TEXT)), "The parts of a text between separators.", "{0}.split({1})",
             atoms=frozenset({0})),
    Function("join", (Parameter("texts", "texts"), Parameter("separator", "text")), "string", _always(_TEXT),
             "Texts as one, with a separator between them.", "{1}.join({0})", atoms=frozenset({1})),
    Function("contains", (Parameter("container", "container"), Parameter("item", "anything")), "boolean",
             _always(_TRUTH), "Whether a list has an item, a text a part, or a map a key.", "{1} in {0}",
             atoms=frozenset({0, 1}), compound=True),
    Function("starts_with", (Parameter("text", "text"), Parameter("beginning", "text")), "boolean", _always(_TRUTH),
             "Whether a text begins so.", "{0}.startswith({1})", atoms=frozenset({0})),
    Function("coalesce", (Parameter("value", "optional"), Parameter("other", "optional")), "value",
             _coalesced, "The first value that is not missing.", "coalesce({all})", runtime="coalesce", variadic=True),
    Function("first", (Parameter("items", "list"),), "item?", _maybe_item,
             "The first item, missing where the list is empty.", "first({0})", runtime="first"),
    Function("last", (Parameter("items", "list"),), "item?", _maybe_item,
             "The last item, missing where the list is empty.", "last({0})", runtime="last"),
    Function("now", (), "date-time", _always(_TIME), "The time in UTC, the same in every replay.", "run.now()"),
    Function("today", (), "date", _always(_DATE), "The date in UTC, the same in every replay.", "run.today()"),
    Function("add_duration", (Parameter("time", "time"), Parameter("duration", "duration")), "date-time",
             _always(_TIME), "A time so much later; a minus before the duration makes it earlier.",
             "add_duration({0}, {1})", runtime="add_duration"),
    Function("format_date", (Parameter("time", "time"), Parameter("format", "text")), "string", _always(_TEXT),
             "A time as text by a format such as %d.%m.%Y %H:%M.", "format_date({0}, {1})", runtime="format_date"),
    Function("uuid", (), "uuid", _always(StringType("uuid")), "A new identifier, the same in every replay.",
             "run.uuid()"),
    Function("parse_json", (Parameter("text", "text"),), "anything", _always(UnknownType()),
             "The value that a JSON text holds; its type is not checked.", "parse_json({0})", runtime="parse_json"),
    Function("to_json", (Parameter("value", "anything"),), "string", _always(_TEXT),
             "The value as JSON text.", "to_json({0})", runtime="to_json"),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {one.name: one for one in _TABLE}


def accepts(kind: Kind, given: Type) -> bool:
    """Whether an argument of a type fits a parameter of a kind; a missing value fits `optional` alone."""
    if isinstance(given, UnknownType) or kind == "optional":
        return True
    if isinstance(given, OptionalType | NullType):
        return False
    value = plain(given)
    if isinstance(value, ArrayType):
        return kind in ("anything", "sized", "list", "container") or _list_fits(kind, plain(value.items))
    return kind == "anything" or kind in _KINDS.get(type(value), ())


_KINDS: dict[type[Type], tuple[Kind, ...]] = {
    StringType: ("text", "simple", "sized", "container", "time", "duration", "comparable"),
    IntegerType: ("integer", "number", "simple", "comparable"),
    NumberType: ("number", "simple", "comparable"),
    BooleanType: ("simple",),
    MapType: ("sized", "container"),
}


def _list_fits(kind: Kind, item: Type) -> bool:
    if isinstance(item, UnknownType):
        return kind in ("numbers", "texts", "booleans", "ordered")
    match kind:
        case "numbers":
            return isinstance(item, IntegerType | NumberType)
        case "texts":
            return isinstance(item, StringType)
        case "booleans":
            return isinstance(item, BooleanType)
        case "ordered":
            return isinstance(item, IntegerType | NumberType | StringType)
        case _:
            return False
