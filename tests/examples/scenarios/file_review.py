"""Files that are open for as many minutes as their number says: not at all, for a while, for too long."""

from tests.examples.scenario import DAY, HOUR, Answer, Json, Pass, Scenario, Shown


def file(number: int) -> Json:
    """A file for Rita to review."""
    return {"file_id": number, "requested_by": "ada@example.com", "reviewer": "rita@example.com"}


YES = Answer("review", "rita@example.com", "Approved", comments="Fine")

SCENARIOS = (
    Scenario(
        "approved",
        file(0),
        (Shown({"step": "review"}), YES),
        output={"status": "Reviewed", "noted": True},
        calls={"assign_reviewers": 1, "note_review": 1, "send_mail": 1},
        seconds=0,
    ),
    Scenario(
        "rejected, and open for a while",
        file(25),
        (Pass(HOUR), Answer("review", "rita@example.com", "Rejected"), Pass(HOUR)),
        output={"status": "Rejected", "noted": True},
        calls={"assign_reviewers": 4, "note_review": 4, "send_mail": 7},
    ),
    Scenario(
        "always open",
        file(5_000),
        (Pass(2 * HOUR), YES, Pass(2 * DAY)),
        output={"status": "Reviewed", "noted": False},
        seconds=26 * HOUR,
    ),
    Scenario("not found", file(404), output={"status": "NotFound", "noted": False}, calls={"assign_reviewers": 0}),
    Scenario("nobody reviews", file(1), (Pass(15 * DAY),), error={"code": "ApprovalTimedOut", "step": "review"}),
)
