"""Which kinds of Python's syntax the language has, and the cures for those that it has not."""

from __future__ import annotations

import ast

from flowbridge.model import expression as model

COMPARISONS: dict[type[ast.cmpop], model.Comparison] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
OPERATORS: dict[type[ast.operator], model.Operator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
OPERATOR_CURES: dict[type[ast.operator], str] = {
    ast.BitAnd: "write `and`",
    ast.BitOr: "write `or`",
    ast.Pow: "multiply",
}
CURES: dict[type[ast.expr], tuple[str, str]] = {
    ast.Dict: ("a map in braces", "write a YAML map, or a constructor of a type such as Failure(id=…)"),
    ast.Set: ("a set in braces", "write a list: [a, b]"),
    ast.DictComp: ("a map comprehension", "make a list of objects of a type: [Failure(id=x.id) for x in items]"),
    ast.SetComp: ("a set comprehension", "write a list comprehension: [x for x in items]"),
    ast.Tuple: ("a tuple", "write a list: [a, b]"),
    ast.Lambda: ("a lambda", "use a comprehension: [x.id for x in items if x.ok]"),
    ast.NamedExpr: ("an assignment", "name the value in a `set` step before"),
    ast.JoinedStr: ("an f-string", "write a template: Hello ${input.name}"),
    ast.Starred: ("a star", "pass the list itself"),
    ast.Slice: ("a slice", "take items with first(x) or last(x), or filter with a comprehension"),
    ast.Await: ("await", "call an activity in a step of its own"),
    ast.Yield: ("yield", "call an activity in a step of its own"),
    ast.YieldFrom: ("yield", "call an activity in a step of its own"),
}
