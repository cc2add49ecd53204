"""The language as `workflow.schema.json` tells it: what may stand at a place, with the words that describe it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from flowbridge.assets import schema_text
from flowbridge.lsp.cursor import Level, MapLevel

_Json = dict[str, object]
_CONDITIONS = frozenset({"if", "when", "until", "in", "match"})


@dataclass(frozen=True, eq=False)
class Word:
    """One schema: what may stand somewhere. `definition` is its name in the schema, `choice_of` that of the `oneOf`
    that it is a branch of, and `verb` the key that tells such a branch."""

    schema: _Json
    definition: str | None
    choice_of: str | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return cast("str", self.schema.get("title", ""))

    @property
    def description(self) -> str:
        """What it is for."""
        return cast("str", self.schema.get("description", ""))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of value that it may have; none where it may have any."""
        kinds = self.schema.get("type", ())
        return (kinds,) if isinstance(kinds, str) else tuple(cast("list[str]", kinds))

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts that it may be."""
        return tuple(cast("list[str]", self.schema.get("enum", ())))

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that a map of it must have."""
        return tuple(cast("list[str]", self.schema.get("required", ())))

    @property
    def verb(self) -> str | None:
        """The key that tells this branch from the others."""
        return self.required[0] if self.required and self.choice_of is not None else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the language gives a map of it."""
        found = cast("_Json", self.schema.get("properties", {}))
        return tuple(key for key, value in found.items() if isinstance(value, dict))

    def property(self, key: str) -> Word | None:
        """What stands under a key; None where nothing is known of it."""
        found = cast("_Json", self.schema.get("properties", {})).get(key, self.schema.get("additionalProperties"))
        return _word(cast("_Json", found)) if isinstance(found, dict) else None

    def item(self) -> Word | None:
        """What the items of a list of it are."""
        found = self.schema.get("items")
        return _word(cast("_Json", found)) if isinstance(found, dict) else None

    def branches(self) -> Iterator[Word]:
        """The ways in which it may be written: itself, unless it is one of several."""
        several = cast("list[_Json] | None", self.schema.get("oneOf"))
        if several is None:
            yield self
            return
        for one in several:
            inner = _word(one)
            for branch in inner.branches():
                name = self.definition if branch is inner else branch.choice_of
                yield Word(branch.schema, branch.definition, name or "")


@cache
def _schema() -> _Json:
    return cast("_Json", json.loads(schema_text()))


def _word(schema: _Json) -> Word:
    """A subschema; what it says itself goes before what it refers to."""
    name: str | None = None
    while isinstance(reference := schema.get("$ref"), str):
        name = reference.removeprefix("#/$defs/")
        more = cast("dict[str, _Json]", _schema()["$defs"])[name]
        schema = {**more, **{key: value for key, value in schema.items() if key != "$ref"}}
    return Word(schema, name)


def definition(name: str) -> Word:
    """A definition of the schema."""
    return _word({"$ref": f"#/$defs/{name}"})


@cache
def workflow_word() -> Word:
    """A whole workflow file."""
    return _word(_schema())


def words_at(levels: tuple[Level, ...]) -> tuple[Word, ...]:
    """What may stand at a place: for a key the maps that it may be a key of, for a value what it may be.

    None at all where the author's data stands, of which the language knows nothing.
    """
    found: tuple[Word, ...] = (workflow_word(),)
    for level in levels:
        if isinstance(level, MapLevel):
            found = _maps(found, level)
            if level.key is not None:
                key = level.key
                found = tuple(_spread(one.property(key) for one in found))
        else:
            found = tuple(_spread(one.item() for one in found))
    return found


def _spread(words: Iterator[Word | None] | list[Word | None]) -> Iterator[Word]:
    seen: set[int] = set()
    for one in words:
        if one is not None:
            for branch in one.branches():
                if id(branch.schema) not in seen:
                    seen.add(id(branch.schema))
                    yield branch


def _maps(words: tuple[Word, ...], level: MapLevel) -> tuple[Word, ...]:
    """Those that are maps, and of several the ones whose verb is there."""
    maps = tuple(one for one in words if "object" in one.kinds)
    keys = {*level.keys, *([level.key] if level.key is not None else [])}
    begun = tuple(one for one in maps if one.verb is not None and one.verb in keys)
    if len(begun) > 1:
        whole = tuple(one for one in begun if all(each.verb in one.keys for each in begun))
        return whole or begun
    if begun:
        return begun
    fitting = tuple(one for one in maps if one.schema.get("additionalProperties") is not False or keys <= {*one.keys})
    return fitting or maps


def is_condition(levels: tuple[Level, ...]) -> bool:
    """Whether an expression stands alone at a place: in an `if`, a `when` and the like, but not in data."""
    last = levels[-1] if levels else None
    if not isinstance(last, MapLevel) or last.key not in _CONDITIONS:
        return False
    return any(last.key in one.keys for one in words_at((*levels[:-1], MapLevel(last.start, last.keys, None))))


def is_step(word: Word) -> bool:
    """Whether this is a kind of step."""
    return word.choice_of == "step"
