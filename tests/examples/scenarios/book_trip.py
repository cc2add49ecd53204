"""Trips that are booked, and trips of which the one or the other part fails."""

from tests.examples.scenario import Json, Pass, Scenario


def trip(target: str = "Lisbon", car: str = "small", price: float = 800) -> Json:
    """A trip of Ada's."""
    return {
        "trip": {
            "traveller": "Ada",
            "phone": "+44 20 7946 0000",
            "origin": "London",
            "target": target,
            "car_class": car,
            "price": price,
        },
        "instanceId": f"{target}-{car}-{price:g}",
    }


SCENARIOS = (
    Scenario(
        "booked",
        trip(),
        output={"flight": "flight-Lisbon-small-800", "car": "small-Lisbon-small-800"},
        calls={"cancel_flight": 0, "send_sms": 1},
        seconds=0,
    ),
    Scenario(
        "booked after some attempts",
        trip(car="busy"),
        (Pass(6),),
        output={"flight": "flight-Lisbon-busy-800", "car": "busy-Lisbon-busy-800"},
        calls={"reserve_car": 3, "cancel_flight": 0},
        seconds=6,
    ),
    Scenario(
        "the car cannot be confirmed",
        trip(car="lost"),
        error={"code": "ReservationLost", "message": "there is no reservation lost-Lisbon-lost-800"},
        order=("confirm_flight", "confirm_car", "refund_payment", "cancel_car", "cancel_flight", "send_sms"),
    ),
    Scenario(
        "the card is refused",
        trip(price=20_000),
        error={"code": "CardRefused", "step": "payment"},
        order=("take_payment", "cancel_car", "cancel_flight", "send_sms"),
    ),
    Scenario("no car", trip(car="none"), error={"code": "NoCar"}, order=("reserve_car", "cancel_flight", "send_sms")),
    Scenario(
        "no seat", trip("Nowhere"), error={"code": "NoSeat", "step": "flight"}, order=("reserve_flight", "send_sms")
    ),
)
