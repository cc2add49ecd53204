"""A batch that is paid in part, one that is refused, and the two ways in which nothing is paid."""

from tests.examples.scenario import DAY, Answer, Json, Pass, Scenario, Shown


def batch(*vendors: str, amount: float = 6_000) -> Json:
    """A batch with an invoice from each vendor."""
    invoices = [{"id": f"I{number}", "vendor": one, "amount": amount} for number, one in enumerate(vendors, 1)]
    return {"batch_id": "B7", "invoices": invoices, "approvers": ["ada@example.com", "bob@example.com"]}


ADA = Answer("signoff", "ada@example.com", form={"cost_centre": "4711"})
BOB = Answer("signoff", "bob@example.com", form={"cost_centre": "4712"})

SCENARIOS = (
    Scenario(
        "a large sum",
        batch("Acme", "Slow Bank", "Closed", "Initech"),
        (
            Shown({"step": "signoff", "stepTitle": "Have a large sum signed off"}),
            Answer("signoff", "ada@example.com", status=400),
            ADA,
            Answer("signoff", "ADA@example.com", "Reject", "alreadyDecided", form={"cost_centre": "1"}),
            Shown({"runtimeStatus": "Running"}),
            BOB,
            Pass(10 * 60),
        ),
        output={"paid": 3, "failed": [{"id": "I3", "reason": "Closed has no account"}]},
        calls={"check": 4, "pay": 6, "refund": 0},
    ),
    Scenario("a small sum", batch("Acme", amount=10_000), output={"paid": 1, "failed": []}),
    Scenario(
        "one says no",
        batch("Acme", "Initech"),
        (ADA, Answer("signoff", "bob@example.com", "Reject", comments="Not yet")),
        output={"paid": 0, "failed": []},
        calls={"pay": 0},
    ),
    Scenario("nobody signs", batch("Acme", "Initech"), (Pass(7 * DAY),), error={"code": "ApprovalExpired"}),
    Scenario(
        "too much cannot be checked",
        batch("Acme", ""),
        (Pass(3_600),),
        error={"code": "ActivityFailed", "message": "item 2 of 2: ValueError: invoice I2 has no vendor"},
        calls={"check": 6},
    ),
)
