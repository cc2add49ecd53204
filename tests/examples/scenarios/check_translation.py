"""A translation that is right, one that is wrong, and those of which nobody says either."""

from tests.examples.scenario import HOUR, Event, Pass, Scenario, Shown

GIVEN = {"text": "Hello world"}

SCENARIOS = (
    Scenario(
        "right",
        GIVEN,
        (
            Shown({"step": "review", "message": "Is this right? bonjour monde"}),
            Event("reviewed", {"approved": "yes"}, status=400),
            Event("reviewed", {"approved": True}),
        ),
        output={"text": "Hello world", "translation": "bonjour monde", "approved": True},
        calls={"store": 3},
    ),
    Scenario(
        "wrong",
        GIVEN,
        (Event("reviewed", {"approved": False}),),
        output={"text": "Hello world", "translation": "bonjour monde", "approved": False},
    ),
    Scenario("nobody looks", GIVEN, (Pass(HOUR),), error={"code": "EventTimedOut", "step": "review"}, seconds=HOUR),
    Scenario(
        "not in the dictionary",
        {"text": "hello moon"},
        error={"code": "NotTranslatable", "message": "not in the dictionary: moon", "step": "translation"},
    ),
)
