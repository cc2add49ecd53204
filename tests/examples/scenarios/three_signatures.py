"""Three who agree, one who does not, two who are not enough, and a fourth who is one too many."""

from tests.examples.scenario import DAY, Answer, Json, Pass, Scenario

PEOPLE = ["ada@example.com", "bob@example.com", "eve@example.com"]
ALL = tuple(Answer("signatures", one) for one in PEOPLE)


def asked(*people: str) -> Json:
    """What so many people are asked."""
    return {"message": "Open the vault?", "approvers": list(people)}


SCENARIOS = (
    Scenario("all agree", asked(*PEOPLE), ALL, output={"signed_by": PEOPLE}),
    Scenario(
        "one does not",
        asked(*PEOPLE),
        (ALL[0], Answer("signatures", "eve@example.com", "Reject", comments="Never")),
        error={"code": "ApprovalRejected", "step": "signatures"},
    ),
    Scenario("two are not enough", asked(*PEOPLE), (*ALL[:2], Pass(30 * DAY)), error={"code": "ApprovalTimedOut"}),
    Scenario("two are asked", asked(*PEOPLE[:2]), refused="InvalidInput"),
)
