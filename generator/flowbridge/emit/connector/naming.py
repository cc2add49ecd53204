"""How the operations of a workflow are called, and what is the same in many of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.emit.connector import labels
from flowbridge.emit.connector.plan import ConnectorWorkflow
from flowbridge.emit.connector.swagger import Choices, PathParameter

INVALID = ("400", "The request is not valid; the answer tells what is wrong where.")
UNKNOWN = ("404", "There is no such instance.")
ENDED = ("410", "The instance has ended.")
TOO_LARGE = ("413", "The request is too large.")
EXISTS = ("409", "The instance ID belongs to an instance with another input.")
NOT_BEGUN = ("503", "The engine has not begun the instance yet; send the same request again.")


@dataclass(frozen=True)
class Naming:
    """How a workflow is called: `id` in operation ids, `title` inside a summary, `path` before its routes.

    `marks` end every summary: which version it is, and whether it is deprecated. `taken` are the operation ids of the
    whole connector so far, in small letters.
    """

    id: str
    title: str
    path: str
    taken: set[str] = field(repr=False)
    marks: str = ""
    chooser: str = ""
    approval_chooser: str = ""

    def operation(self, name: str) -> str:
        """An operation id that no other has."""
        return labels.operation_id(name, self.taken)

    def summary(self, text: str, detail: str = "") -> str:
        """A text as the summary of an operation, with what tells it from others of its kind in parentheses."""
        room = labels.SUMMARY_LIMIT - len(self.marks)
        whole = labels.cut(text, room)
        if detail:
            whole += f" ({labels.cut(detail, room - len(whole) - 3)})"
        return whole + self.marks

    def instance(self, status: str = "") -> PathParameter:
        """The instance of an operation, to be picked from those that have not ended, or from those of a status."""
        arguments = (("status", status),) if status else ()
        return _instance(Choices(self.chooser, "instanceId", "title", arguments))

    def waiting(self, approval: str) -> PathParameter:
        """The instance of a decision, to be picked from those that wait for it."""
        return _instance(Choices(self.approval_chooser, "instanceId", "title", (("approval", approval),)))


def naming(workflow: ConnectorWorkflow, taken: set[str]) -> Naming:
    """The names of a workflow; those of its pick lists are taken at once, because others refer to them."""
    shown = labels.summary_text(workflow.title) or " ".join(labels.words(workflow.name))
    marks = workflow.revision.marks
    title = labels.cut(labels.inside(shown), 40 - len(marks))
    name = labels.pascal(workflow.revision.family or workflow.name)
    chooser = labels.operation_id(f"Choose{name}Instance", taken)
    approval_chooser = labels.operation_id(f"Choose{name}Approval", taken) if workflow.approvals else ""
    return Naming(name, title, workflow.path, taken, marks, chooser, approval_chooser)


def _instance(choices: Choices) -> PathParameter:
    told = "The ID that the start of the instance answered with."
    return PathParameter("instanceId", "Instance ID", told, choices)
