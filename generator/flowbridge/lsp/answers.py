"""Suggestions and symbols as the protocol has them."""

from __future__ import annotations

from lsprotocol import types as lsp

from flowbridge.lsp.lines import Lines
from flowbridge.lsp.publish import to_range
from flowbridge.lsp.suggestion import Suggestion, SuggestionKind
from flowbridge.lsp.symbols import Symbol

_KINDS: dict[SuggestionKind, lsp.CompletionItemKind] = {
    "verb": lsp.CompletionItemKind.Keyword,
    "key": lsp.CompletionItemKind.Property,
    "value": lsp.CompletionItemKind.Value,
    "field": lsp.CompletionItemKind.Field,
    "step": lsp.CompletionItemKind.Variable,
    "variable": lsp.CompletionItemKind.Variable,
    "function": lsp.CompletionItemKind.Function,
    "type": lsp.CompletionItemKind.Class,
    "activity": lsp.CompletionItemKind.Method,
    "workflow": lsp.CompletionItemKind.Module,
    "error": lsp.CompletionItemKind.Event,
    "retry": lsp.CompletionItemKind.Constant,
}


def to_completion(one: Suggestion, lines: Lines) -> lsp.CompletionItem:
    """A suggestion that writes over the word at its place."""
    words = lsp.MarkupContent(lsp.MarkupKind.Markdown, one.documentation) if one.documentation else None
    return lsp.CompletionItem(
        label=one.label,
        kind=_KINDS[one.kind],
        detail=one.detail or None,
        documentation=words,
        sort_text=f"{one.rank}{one.label}",
        filter_text=one.label,
        text_edit=lsp.TextEdit(to_range(lines, one.start, one.end), one.insert or one.label),
    )


def to_symbol(one: Symbol, lines: Lines) -> lsp.DocumentSymbol:
    """A step with those within it."""
    return lsp.DocumentSymbol(
        name=one.name,
        kind=lsp.SymbolKind.Event if one.ends else lsp.SymbolKind.Object if one.inner else lsp.SymbolKind.Function,
        range=to_range(lines, one.start, one.end),
        selection_range=to_range(lines, one.name_start, one.name_end),
        detail=one.detail or None,
        children=[to_symbol(each, lines) for each in one.inner],
    )
