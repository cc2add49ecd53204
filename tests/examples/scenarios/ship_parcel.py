"""A parcel with what is shown on its way, one that takes two attempts, and one that cannot be sent."""

from tests.examples.scenario import Pass, Scenario, Shown

SCENARIOS = (
    Scenario(
        "sent",
        {"order_id": "O1", "destination": "Rome"},
        (
            Shown({"message": "10 % · started"}),
            Pass(2),
            Shown({"message": "50 % · the label is printed"}),
            Pass(2),
            Shown({"message": "100 % · done"}),
        ),
        output={"label": "O1-ROME"},
        seconds=4,
    ),
    Scenario(
        "the carrier is busy",
        {"order_id": "O2", "destination": "North Pole"},
        (Pass(2), Shown({"message": "25 % · everything is in stock"}), Pass(10)),
        output={"label": "O2-NORTHP"},
        calls={"print_label": 2},
        seconds=6,
    ),
    Scenario(
        "nobody goes there",
        {"order_id": "O3", "destination": "Moon"},
        (Pass(10),),
        error={"code": "NoSuchPlace", "message": "we do not go to Moon", "step": "label"},
        calls={"print_label": 1},
    ),
)
