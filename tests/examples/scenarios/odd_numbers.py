"""Odd numbers among others, none, and odd numbers that are too much."""

from tests.examples.scenario import Scenario, Shown

SCENARIOS = (
    Scenario(
        "some are odd",
        {},
        (Shown({"message": "3 of 6 were odd"}),),
        output={"refused": [{"number": one, "reason": f"{one} is odd"} for one in (1, 3, 5)]},
    ),
    Scenario("none is odd", {"numbers": [2, 4]}, output={"refused": []}),
    Scenario("no numbers", {"numbers": []}, output={"refused": []}),
    Scenario(
        "not tolerant",
        {"tolerant": False},
        error={"code": "HowOdd", "message": "1 is odd, 3 is odd, 5 is odd"},
    ),
)
