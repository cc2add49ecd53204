"""What the workflows of one app may get wrong together: names, activities of two contracts, circles of `run`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic, in_order


def check_app(
    workflows: Sequence[Workflow], activities: ActivitySources, *, release: bool = False
) -> tuple[Diagnostic, ...]:
    """All findings about an app as a whole; `release` makes errors of what is only fit for development."""
    del activities, release
    return in_order(_names(workflows))


def _names(workflows: Sequence[Workflow]) -> Iterator[Diagnostic]:
    yield from ()
