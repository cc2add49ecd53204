"""Both sensors in either order, another room's sensor, and a sensor that says nothing."""

from tests.examples.scenario import HOUR, Event, Json, Pass, Scenario


def warmth(celsius: float, room: str = "R1") -> Json:
    """What a thermometer tells."""
    return {"room_id": room, "celsius": celsius}


MOIST = Event("humidity", {"room_id": "R1", "percent": 40})

SCENARIOS = (
    Scenario(
        "both sensors",
        {"room_id": "R1"},
        (
            MOIST,
            Event("temperature", warmth(19, "R2"), "notMatched"),
            Pass(30 * 60),
            Event("temperature", warmth(21.5)),
        ),
        output={"report": "R1-2"},
        calls={"log_reading": 2, "make_report": 1},
        seconds=30 * 60,
    ),
    Scenario(
        "one sensor says nothing",
        {"room_id": "R1"},
        (MOIST, Pass(HOUR)),
        error={"code": "WorkflowTimedOut"},
        calls={"log_reading": 0},
        seconds=HOUR,
    ),
    Scenario(
        "one sensor is broken",
        {"room_id": "R1"},
        (Event("temperature", warmth(-300)), MOIST),
        error={"code": "SensorBroken", "message": "item 1 of 2: -300 °C is too cold"},
        calls={"make_report": 0},
    ),
)
