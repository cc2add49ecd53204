"""Who is done first, and nobody in time."""

from tests.examples.scenario import Pass, Scenario

SCENARIOS = (
    Scenario(
        "the first",
        {"first": "tea-7", "second": "coffee-12"},
        (Pass(60),),
        output={"winner": "first", "result": "tea is ready"},
        seconds=10,
    ),
    Scenario(
        "the second",
        {"first": "tea-100", "second": "coffee-5"},
        (Pass(60),),
        output={"winner": "second", "result": "coffee is ready"},
        seconds=5,
    ),
    Scenario(
        "neither",
        {"first": "tea-100", "second": "coffee-100"},
        (Pass(60),),
        output={"winner": "neither"},
        seconds=15,
    ),
    Scenario(
        "one is unknown, and the other goes on",
        {"first": "cocoa", "second": "coffee-1"},
        (Pass(60),),
        output={"winner": "second", "result": "coffee is ready"},
    ),
    Scenario(
        "both are unknown",
        {"first": "cocoa", "second": "milk"},
        (Pass(60),),
        error={"code": "UnknownProcess", "message": "there is no process cocoa"},
    ),
)
