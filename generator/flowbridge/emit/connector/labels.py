"""Names and texts of a workflow as a maker reads them: labels, summaries, sentences and operation ids of the connector.

The designer shows `x-ms-summary` in title case, an operation's summary in sentence case, and a description as a
sentence that says more than the label; each is made here from what the author wrote, or from the name alone.
"""

from __future__ import annotations

import re
import unicodedata

LABEL_LIMIT = 80
SUMMARY_LIMIT = 80
SENTENCE_LIMIT = 500
OPERATION_ID_LIMIT = 80
"""The longest of about 16,000 certified operation ids has 77 characters; the service's own limit is unpublished."""

_WORD = re.compile(r"[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z]+[0-9]*|[0-9]+")
_ACRONYMS = {
    one.lower(): one
    for one in [
        *("API", "CSV", "EUR", "GUID", "HTML", "HTTP", "IBAN", "ID", "IDs", "IP", "JSON", "PDF", "SKU", "SQL", "UPN"),
        *("URI", "URL", "URLs", "USD", "UTC", "VAT", "XML"),
    ]
}
_SMALL = frozenset(
    [
        *("a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "of", "on", "or", "per", "the"),
        *("to", "via", "with"),
    ]
)
_PRODUCT = re.compile(
    r"\b(?:power\s?(?:automate|apps?|bi|pages|virtual agents|platform)|copilot(?: studio)?|logic apps?|dataverse"
    r"|microsoft flow|apis?|connectors?)\b",
    re.IGNORECASE,
)


def words(name: str) -> list[str]:
    """The words of an identifier, in its own case: `dueAt_utc` gives due, At, utc."""
    return _WORD.findall(name)


def pascal(name: str) -> str:
    """An identifier as one PascalCase word, letters and digits only."""
    return "".join(word[:1].upper() + word[1:] for word in words(name))


def operation_id(name: str, taken: set[str], suffix: str = "") -> str:
    """The name as an operation id that no other has, in whatever case; it is put into `taken`."""
    room, number = OPERATION_ID_LIMIT - len(suffix), 1
    made = name[:room] + suffix
    while made.lower() in taken:
        number += 1
        made = f"{name[: room - len(str(number))]}{number}{suffix}"
    taken.add(made.lower())
    return made


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    spaced = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    return " ".join(spaced.split())


def cut(text: str, limit: int) -> str:
    """The text, or its beginning up to the last word that fits; a word that is most of it is cut itself."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1].rpartition(" ")[0].rstrip()
    return head if len(head) >= limit // 2 else text[:limit].rstrip()


def name_label(name: str) -> str:
    """The label of an identifier in title case: `dataSource` gives Data Source."""
    return cut(_title_case(_spoken(name)), LABEL_LIMIT) or name[:LABEL_LIMIT]


def label(title: str | None, name: str) -> str:
    """The label of a field: its title in title case, or one made from its name."""
    return cut(_title_case(plain(title or "").split()), LABEL_LIMIT) or name_label(name)


def spoken(title: str | None, name: str) -> str:
    """A field as it is named inside a sentence: its title or the words of its name, without an article."""
    told = inside(plain(title or "")) or " ".join(_spoken(name))
    article, _, rest = told.partition(" ")
    return cut(rest if rest and article in ("the", "a", "an") else told, LABEL_LIMIT)


def summary_text(text: str) -> str:
    """A text as an operation's summary may hold it: letters, digits and single spaces."""
    return " ".join("".join(one if one.isalnum() else " " for one in plain(text)).split())


def inside(text: str) -> str:
    """A title as it stands inside a sentence: the first letter is small, unless the word is an acronym or a name."""
    first = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() or len(first) == 1 else text


def sentence(text: str) -> str:
    """A text as a sentence: it ends with a stop and is bounded; empty where there is none."""
    whole = plain(text)
    bounded = cut(whole, SENTENCE_LIMIT - 1)
    if len(bounded) < len(whole):
        bounded = bounded.rstrip(" .,:;-")
    return bounded if not bounded or bounded[-1] in ".!?" else bounded.rstrip(" ,:;-") + "."


def same(one: str, other: str) -> bool:
    """Whether two texts say the same, punctuation and case aside: a description must not repeat its label."""
    return _letters(one) == _letters(other)


def connector_title(title: str, name: str) -> str:
    """A title of at most 30 English characters without the words that Microsoft keeps to itself."""
    for text in (title, " ".join(words(name)).capitalize()):
        ascii_only = unicodedata.normalize("NFKD", plain(text)).encode("ascii", "ignore").decode()
        allowed = summary_text(_PRODUCT.sub(" ", ascii_only))
        short = cut(allowed, 30)
        if len(_letters(short)) > 2:
            return short[0].upper() + short[1:]
    return "Long-running workflow"


def _spoken(name: str) -> list[str]:
    """The words of an identifier in small letters, acronyms aside."""
    found = words(name)
    kept = [word if word.isupper() and len(word) > 1 else word.lower() for word in found]
    return [_ACRONYMS.get(word.lower(), word) for word in kept]


def _title_case(parts: list[str]) -> str:
    """Words in title case, small words but at the ends aside; a word that has a capital already stays as it is."""
    shown = [
        word
        if 0 < index < len(parts) - 1 and word in _SMALL
        else word[:1].upper() + word[1:]
        if word.islower()
        else word
        for index, word in enumerate(parts)
    ]
    return " ".join(shown)


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
