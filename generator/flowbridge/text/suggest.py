"""The nearest of the names that would have been right, for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_MOST = 400
"""How many names are compared in full; past it a file is generated and a suggestion not worth its time."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that the author most likely meant, or None; case counts for nothing."""
    known = sorted(set(names))
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(_fold(name), name)
    if (same := folded.get(_fold(word))) is not None:
        return same
    if len(word) > 80 or len(known) > _MOST:
        return None
    found = get_close_matches(_fold(word), folded, n=1, cutoff=0.7)
    if found:
        return folded[found[0]]
    return _beginning(_fold(word), folded)


def did_you_mean(word: str, names: Iterable[str], *, lead: str = "did you mean ") -> str | None:
    """`did you mean "approve"?`, or None where nothing is near."""
    found = nearest(word, names)
    return f'{lead}"{found}"?' if found is not None else None


def one_of(names: Iterable[str], *, most: int = 12) -> str:
    """`a, b or c`, cut where the list is long."""
    known = list(names)
    if not known:
        return "none"
    if len(known) > most:
        return ", ".join(known[:most]) + f" and {len(known) - most} more"
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " or " + known[-1]


def _fold(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _beginning(word: str, folded: dict[str, str]) -> str | None:
    """The only name that the word is a shortened form of, such as `desc` for `description`."""
    if len(word) < 3:
        return None
    longer = [name for short, name in folded.items() if short.startswith(word)]
    if len(longer) == 1:
        return longer[0]
    near = [name for short, name in folded.items() if SequenceMatcher(None, word, short).ratio() >= 0.6]
    return near[0] if len(near) == 1 and len(word) <= 5 else None
