"""The three ways on, and a register that does not take the result."""

from tests.examples.scenario import HOUR, Answer, Json, Pass, Scenario, Shown


def request(subject: str = "A new desk") -> Json:
    """A request that goes to Grace."""
    return {
        "approver": "grace@example.com",
        "request": {"id": f"R-{subject[:4]}".replace(" ", ""), "subject": subject, "amount": 450.5},
    }


YES = Answer("decision", "grace@example.com")

SCENARIOS = (
    Scenario(
        "approved",
        request(),
        (Shown({"runtimeStatus": "Running", "stepTitle": "Wait for the approver"}), YES),
        output={"result": "approved", "reference": "approved/R-Ane"},
    ),
    Scenario(
        "rejected",
        request(),
        (Answer("decision", "grace@example.com", "Reject", comments="No"),),
        output={"result": "rejected", "reference": "rejected/R-Ane"},
    ),
    Scenario("no answer", request(), (Pass(HOUR),), output={"result": "failure", "reference": "failure/R-Ane"}),
    Scenario(
        "approved at the second attempt",
        request("busy"),
        (YES, Pass(2)),
        output={"result": "approved", "reference": "approved/R-busy"},
        calls={"process": 2},
        seconds=2,
    ),
    Scenario("the register is full", request("full"), (YES,), error={"code": "RegisterFull", "step": "agreed"}),
)
