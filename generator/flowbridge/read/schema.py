"""`Document` against a schema of `spec/`: one message for each mistake, at its place.

A general validator reports every branch of a `oneOf` that failed. Here the branch is chosen first, by the kind of the
node and by the verb key that it holds, and only that branch is reported against. A test holds that both agree on what
is right.
"""

from __future__ import annotations

from flowbridge.read.nodes import Document, Entry, ListNode, MapNode, Node, ScalarNode, kind_of, shorten
from flowbridge.read.shapes import Shape, workflow_shape
from flowbridge.read.values import article, first_line, is_kind, kind_hint, number_problem, text_problem
from flowbridge.text.diagnostic import Diagnostic, Findings
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean, nearest, one_of

_KIND_WORDS = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a map",
}


def check_shape(document: Document, findings: Findings) -> frozenset[int]:
    """Reports what does not fit the schema; gives the `id` of each node that `bind` had better not look into."""
    return check_against(workflow_shape(), "the workflow", document, findings)


def check_against(shape: Shape, what: str, document: Document, findings: Findings) -> frozenset[int]:
    """The same for any shape; `what` is the whole file in words."""
    walk = _Walk(findings)
    root = document.root
    start = root.entries[0].key_span if root.entries else root.span
    walk.visit(root, shape, what, start)
    return frozenset(walk.faulty)


class _Walk:
    """One pass over a document. `what` names a node in messages; `owner` is the place of its key."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.faulty: set[int] = set()

    def visit(self, node: Node, shape: Shape, what: str, owner: Span, verb: Entry | None = None) -> None:
        """Checks a node; `verb` is the key by which its branch was chosen."""
        if shape.branches:
            self._choose(node, shape, what, owner)
            return
        if shape.kinds and not any(is_kind(node, kind) for kind in shape.kinds):
            self._wrong_kind(node, shape, what)
            return
        match node:
            case ScalarNode():
                self._scalar(node, shape, what)
            case ListNode():
                self._list(node, shape, what)
            case MapNode():
                self._map(node, shape, what, verb.key_span if verb is not None else owner)

    def _report(
        self, node: Node, rule: str, span: Span, message: str, label: str = "", hint: str | None = None
    ) -> None:
        self.faulty.add(id(node))
        self.findings.report(Diagnostic(rule, span, message, label, hint))

    def _wrong_kind(self, node: Node, shape: Shape, what: str) -> None:
        wanted = one_of([_KIND_WORDS[kind] for kind in shape.kinds])
        if shape.rule is not None:
            wanted = article(shape.title.lower())
        self._kind_error(node, what, wanted, shape)

    def _kind_error(self, node: Node, what: str, wanted: str, shape: Shape) -> None:
        hint = shape.hint
        if shape.none_rule is not None and isinstance(node, ScalarNode):
            verbs = [one.verb for one in shape.branches]
            hint = f"write `- {node.text}:`" if node.text in verbs else "a step begins with `- id:` or with its verb"
        elif hint is None and isinstance(node, ScalarNode):
            hint = kind_hint(node, wanted)
        elif hint is None and isinstance(node, MapNode) and "a text" in wanted and not node.entries:
            hint = "put a text with braces into quotes"
        self._report(
            node,
            shape.rule or "E122",
            first_line(node),
            f"{what} wants {wanted}, not {kind_of(node)}",
            f"wants {wanted}",
            hint,
        )

    def _scalar(self, node: ScalarNode, shape: Shape, what: str) -> None:
        value = node.value
        problem: str | None = None
        hint = shape.hint
        if shape.choices and value not in shape.choices:
            problem = f"{what} is {one_of(shape.choices)}, not {kind_of(node)}"
            hint = did_you_mean(node.text, shape.choices)
        elif isinstance(value, str):
            problem = text_problem(value, shape, what)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            problem = number_problem(value, shape, what)
        if problem is not None:
            self._report(node, shape.rule or "E123", node.span, problem, "not allowed", hint)

    def _list(self, node: ListNode, shape: Shape, what: str) -> None:
        if shape.fewest is not None and len(node.items) < shape.fewest:
            self._report(
                node,
                "E123",
                node.span,
                f"{what} is an empty list" if not node.items else f"{what} has only {len(node.items)} in it",
                "nothing in it" if not node.items else "too few",
                f"write at least {shape.fewest}, or leave the key out",
            )
        if shape.maximum_items is not None and len(node.items) > shape.maximum_items:
            self._report(
                node,
                "E123",
                first_line(node),
                f"{what} has {len(node.items)} items",
                "too many",
                f"at most {shape.maximum_items} are allowed",
            )
        for number, item in enumerate(node.items, 1):
            if shape.items is not None:
                word = shape.items.title.lower() if shape.items.branches and shape.items.title else ""
                self.visit(item, shape.items, f"a {word}" if word else f"item {number} of {what}", item.span)

    # ---- maps

    def _map(self, node: MapNode, shape: Shape, what: str, owner: Span) -> None:
        for entry in node.entries:
            self._entry(node, entry, shape, what)
        for key in shape.required:
            if key not in node:
                self._missing(node, key, shape, what, owner)

    def _missing(self, node: MapNode, key: str, shape: Shape, what: str, owner: Span) -> None:
        strange = [one.key for one in node.entries if one.key not in shape.properties]
        similar = nearest(key, strange) if not shape.open else None
        if similar is not None:
            # The stranger is reported already, with the name that it was meant to have.
            self.faulty.add(id(node))
            return
        words = f'the key "{key}" is missing in {what}'
        self._report(node, "E121", owner, words, f'"{key}" is missing')

    def _entry(self, node: MapNode, entry: Entry, shape: Shape, what: str) -> None:
        value_shape = shape.properties.get(entry.key)
        if value_shape is not None:
            self.visit(entry.value, value_shape, f'"{entry.key}"', entry.key_span)
        elif not shape.open:
            self._unknown_key(node, entry, shape, what)
        else:
            self._named(node, entry, shape)

    def _named(self, node: MapNode, entry: Entry, shape: Shape) -> None:
        """A key that the author made up: a field's, a type's, an activity's name."""
        names = shape.names
        if names is not None and (problem := text_problem(entry.key, names, f'"{shorten(entry.key)}"')) is not None:
            self._report(node, names.rule or "E123", entry.key_span, problem, "not a name", names.hint)
        if shape.more is not None:
            self.visit(entry.value, shape.more, f'"{shorten(entry.key)}"', entry.key_span)

    def _unknown_key(self, node: MapNode, entry: Entry, shape: Shape, what: str) -> None:
        free = [key for key in shape.properties if key not in node]
        hint = did_you_mean(entry.key, free) or f"known here: {one_of(shape.properties, most=30)}"
        if "type" in shape.required and entry.value.span.line and "properties" in shape.properties:
            hint = did_you_mean(entry.key, free) or "an object with a field called type is written under `properties`"
        inner = shape.properties.get(shape.verb or "")
        if inner is not None and any(entry.key in one.properties for one in (inner, *inner.branches)):
            hint = f'"{entry.key}" is written inside of "{shape.verb}"'
        self._report(
            node, "E120", entry.key_span, f'the key "{shorten(entry.key)}" means nothing in {what}', "unknown key", hint
        )

    # ---- one of several

    def _choose(self, node: Node, shape: Shape, what: str, owner: Span) -> None:
        if not isinstance(node, MapNode):
            fitting = [one for one in shape.branches if any(is_kind(node, kind) for kind in one.kinds)]
            if fitting:
                self.visit(node, fitting[0], what, owner)
                return
            wanted = one_of(dict.fromkeys(_KIND_WORDS[kind] for one in shape.branches for kind in one.kinds))
            self._kind_error(node, what, wanted, shape)
            return
        branches = [one for one in shape.branches if "object" in one.kinds]
        begun = [one for one in branches if one.verb is not None and one.verb in node]
        verbs = [one.verb for one in begun if one.verb is not None]
        whole = [one for one in begun if all(verb in one.properties for verb in verbs)]
        if whole:
            chosen = max(whole, key=lambda one: one.verb in verbs and len(one.required))
            self.visit(node, chosen, self._branch_words(chosen, shape, what), owner, node.entry(chosen.verb or ""))
        elif begun:
            self._two_verbs(node, begun, shape, what)
        elif (free := next((one for one in branches if not one.required), None)) is not None:
            if not self._misspelt_verb(node, branches, what):
                self.visit(node, free, what, owner)
        else:
            self._no_verb(node, branches, shape, what, owner)

    @staticmethod
    def _branch_words(chosen: Shape, shape: Shape, what: str) -> str:
        return f"{article(chosen.verb or '')} step" if shape.none_rule is not None else what

    def _two_verbs(self, node: MapNode, begun: list[Shape], shape: Shape, what: str) -> None:
        verbs = [entry for entry in node.entries if any(one.verb == entry.key for one in begun)]
        names = " and ".join(f'"{entry.key}"' for entry in verbs)
        hint = "make two steps of it" if shape.many_rule is not None else f"keep one of {names}"
        self._report(
            node,
            shape.many_rule or "E120",
            verbs[1].key_span,
            f"{what} has {names}, and it can be one only",
            "a second one",
            hint,
        )

    def _misspelt_verb(self, node: MapNode, branches: list[Shape], what: str) -> bool:
        """Reports a map that would begin a branch, were its verb not misspelt: `tpye: string` beside `title`."""
        for one in branches:
            strange = [entry for entry in node.entries if entry.key not in one.properties]
            if one.verb is None or len(strange) != 1 or len(node.entries) < 2:
                continue
            if nearest(strange[0].key, [one.verb]) is not None:
                words = f'the key "{shorten(strange[0].key)}" means nothing in {what}'
                hint = f'did you mean "{one.verb}"?'
                self._report(node, "E120", strange[0].key_span, words, "unknown key", hint)
                return True
        return False

    def _no_verb(self, node: MapNode, branches: list[Shape], shape: Shape, what: str, owner: Span) -> None:
        verbs = [one.verb for one in branches if one.verb is not None]
        known = {key for one in branches for key in one.properties}
        strange = [entry for entry in node.entries if entry.key not in known]
        if strange:
            entry = next((one for one in strange if nearest(one.key, verbs)), strange[0])
            hint = did_you_mean(entry.key, verbs) or f"{what} has one of {one_of(verbs, most=20)}"
            words = f'"{shorten(entry.key)}" is nothing that {what} can do'
            self._report(node, shape.none_rule or "E121", entry.key_span, words, "unknown", hint)
            return
        if len(verbs) == 1:
            words = f'the key "{verbs[0]}" is missing in {what}'
            self._report(node, shape.none_rule or "E121", owner, words, f'"{verbs[0]}" is missing')
            return
        span = node.entries[0].key_span if node.entries and shape.none_rule is not None else owner
        self._report(
            node,
            shape.none_rule or "E121",
            span,
            f"{what} has none of {one_of(verbs, most=20)}",
            "one of them is missing",
            f"write one of {one_of(verbs, most=20)}",
        )
