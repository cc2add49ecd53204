"""What a workflow that can be read may still get wrong: one family of rules a module."""

from __future__ import annotations

from flowbridge.check import connector, contracts, durable, errors, names, types
from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic, in_order


def check(workflow: Workflow, activities: ActivitySources | None) -> tuple[Diagnostic, ...]:
    """All findings in their order; without `activities` the Python functions are not looked at."""
    found = [*names.check(workflow), *types.check(workflow), *durable.check(workflow), *errors.check(workflow)]
    found += connector.check(workflow)
    if activities is not None:
        found += contracts.check(workflow, activities)
    return in_order(found)
