"""What a workflow that can be read may still get wrong: one family of rules a module."""

from __future__ import annotations

from collections.abc import Mapping

from flowbridge.check import connector, contracts, ends, errors, events, fields, loops, names, retries, types, waits
from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic, in_order


def check(
    workflow: Workflow, activities: ActivitySources | None, others: Mapping[str, Workflow] | None = None
) -> tuple[Diagnostic, ...]:
    """All findings in their order; without `activities` the Python functions are not looked at.

    `others` are the workflows of the same app by name.
    """
    found = [
        *names.check(workflow),
        *fields.check(workflow),
        *types.check(workflow, others),
        *ends.check(workflow),
        *waits.check(workflow),
        *events.check(workflow),
        *loops.check(workflow),
        *retries.check(workflow),
        *errors.check(workflow, others),
        *connector.check(workflow),
    ]
    if activities is not None:
        found += contracts.check(workflow, activities)
    return in_order(found)
