"""What the bench prints: a table of each contest, the targets, and for a file the ratios without any time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .contest import MEMORY, Outcome
from .targets import Target


def table(outcome: Outcome) -> Iterator[str]:
    """One contest: the medians, and each of ours divided by each."""
    contest = outcome.contest
    ours = [entry.name for entry in contest.entries if entry.ours and entry.name in outcome.figures]
    yield f"\n{contest.name}: {contest.title}"
    figures = [name for name in outcome.names() if name != MEMORY]
    for figure in figures:
        weighed = figure == figures[0] and MEMORY in outcome.names()
        rows = [["", figure, *([MEMORY] if weighed else []), *(f"{name} ÷ it" for name in ours), "rounds"]]
        for entry in contest.entries:
            median = outcome.median(entry.name, figure)
            if median is not None:
                memory = [_short(outcome.median(entry.name, MEMORY) or 0)] if weighed else []
                ratios = (_ratio(outcome.median(name, figure), median) for name in ours)
                rows.append([entry.name, _short(median), *memory, *ratios, str(len(outcome.figures[entry.name]))])
        yield from _aligned(rows)
    for name, why in outcome.failed.items():
        yield f"  {name}: {why}"


def verdict(targets: Iterable[Target]) -> Iterator[str]:
    """The targets: what was measured, what was aimed at."""
    rows = [["target", "", "ratio", "at most", ""]]
    for one in targets:
        rows.append([one.contest, one.words, _short(one.ratio), _short(one.most), "met" if one.met else "MISSED"])
    if len(rows) > 1:
        yield ""
        yield from _aligned(rows)


def document(outcomes: Sequence[Outcome], targets: Iterable[Target], skipped: dict[str, str]) -> dict[str, Any]:
    """The ratios alone, for a file: absolute times mean nothing on another machine."""
    content: dict[str, Any] = {}
    for outcome in outcomes:
        ours = [entry.name for entry in outcome.contest.entries if entry.ours]
        ratios: dict[str, Any] = {}
        for figure in outcome.names():
            for mine in ours:
                own = outcome.median(mine, figure)
                for entry in outcome.contest.entries:
                    other = outcome.median(entry.name, figure)
                    if own is not None and other and entry.name != mine:
                        ratios.setdefault(figure, {}).setdefault(mine, {})[entry.name] = round(own / other, 3)
        content[outcome.contest.name] = {"title": outcome.contest.title, "ratios": ratios, "failed": outcome.failed}
    aims = [
        {"contest": t.contest, "words": t.words, "ratio": round(t.ratio, 3), "most": round(t.most, 3), "met": t.met}
        for t in targets
    ]
    return {"contests": content, "targets": aims, "skipped": skipped}


def _ratio(mine: float | None, other: float) -> str:
    return "–" if mine is None or not other else _short(mine / other)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            f"{text:<{width}}" if at == 0 else f"{text:>{width}}"
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join(cells).rstrip()
