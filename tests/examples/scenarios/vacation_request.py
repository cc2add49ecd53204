"""Vacations that are granted, refused, impossible, and forgotten."""

from tests.examples.scenario import DAY, Answer, Pass, Scenario, Shown

SCENARIOS = (
    Scenario(
        "granted",
        {},
        (
            Shown({"step": "decision", "stepTitle": "Wait for the answer"}),
            Answer("decision", "boss", form={"reason": "You have earned it"}),
        ),
        output={"approved": True, "reason": "You have earned it", "booking": "ada-2042-07-01"},
    ),
    Scenario(
        "granted without a word",
        {"name": "Bob Ross", "start_date": "2042-08-01", "end_date": "2042-08-02"},
        (Answer("decision", "boss", form={}),),
        output={"approved": True, "reason": "Well deserved", "booking": "bob-2042-08-01"},
    ),
    Scenario(
        "refused",
        {},
        (Answer("decision", "boss", "Reject", comments="Too much to do"),),
        output={"approved": False, "reason": "Too much to do"},
        calls={"book": 0},
    ),
    Scenario(
        "it would end before it begins",
        {"end_date": "2042-06-01"},
        (Answer("decision", "boss", form={}),),
        error={"code": "Overlap", "step": "booking"},
    ),
    Scenario("nobody answers", {}, (Pass(30 * DAY),), error={"code": "ApprovalTimedOut", "step": "decision"}),
    Scenario("the channel is closed", {"webhook": "https://closed.example.com"}, error={"code": "ChannelClosed"}),
    Scenario("not a date", {"start_date": "tomorrow"}, refused="InvalidInput"),
)
