"""The errors of a workflow: typed by a code, told to people by a message, placed by a step."""

from __future__ import annotations

from typing import TypedDict

MESSAGE_LIMIT = 1_000


class Failure(TypedDict):
    """What an activity tells of its failure."""

    code: str
    message: str


class ErrorShown(Failure):
    """An error as callers see it; `step` is the id of the step that failed, None if it has none."""

    step: str | None


class ErrorValue(ErrorShown):
    """An error as steps read it; `details` are the fields that were raised with it, None if there are none."""

    details: object


class StepError(Exception):
    """A step failed for good: a typed error that ends the workflow unless it is handled.

    `code` is a declared error name or one of ours (`ActivityFailed`, `InvalidResult`, `ApprovalTimedOut`, …); `message`
    is cut to 1,000 characters; `details` are the fields of a declared error.
    """

    def __init__(self, code: str, message: str, step: str, details: object = None) -> None:
        self.code = code
        self.details = details
        self.message = message if len(message) <= MESSAGE_LIMIT else message[: MESSAGE_LIMIT - 1] + "…"
        self.step = step
        super().__init__(code, message)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code

    def add(self, remarks: list[str]) -> None:
        """Adds remarks to the message."""
        if remarks:
            self.message = "; ".join([self.message, *remarks])[:MESSAGE_LIMIT]

    def shown(self) -> ErrorShown:
        """The error as callers see it."""
        return {"code": self.code, "message": self.message, "step": self.step or None}

    def value(self) -> ErrorValue:
        """The error as steps read it."""
        return {"code": self.code, "message": self.message, "step": self.step or None, "details": self.details}


class StoppedError(BaseException):
    """The orchestration was asked to end: it makes no more calls and waits for nothing more.

    It is no `Exception`, so that no `catch` of a workflow takes it for a failure that can be handled.
    """


def as_step_error(failure: BaseException, step: str) -> StepError:
    """A failure as a typed error: what an expression raised, such as a division by zero, is an `ExpressionFailed`."""
    if isinstance(failure, StepError):
        return failure
    if isinstance(failure, StoppedError):
        return StepError("Stopped", "its outcome is not needed any more", "")
    return StepError("ExpressionFailed", f"{type(failure).__name__}: {failure}", step)


class WorkflowFailedError(Exception):
    """What the orchestrator raises in the end; its text is all that the engine keeps, hence the code comes first."""
