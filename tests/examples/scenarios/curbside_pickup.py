"""An order that is fetched, one that is sold out, and those whose customer does not come."""

from tests.examples.scenario import DAY, HOUR, Event, Json, Pass, Scenario, Shown


def order(store: str = "S1") -> Json:
    """An order at a store."""
    return {
        "order": {
            "id": "O1",
            "name": "Ada",
            "email": "ada@example.com",
            "customer_id": "C1",
            "store_id": store,
            "products": [{"sku": "tea", "count": 2}, {"sku": "milk", "count": 1}],
        }
    }


PICKED = Event("picked", {"complete": True})

SCENARIOS = (
    Scenario(
        "fetched",
        order(),
        (
            Shown({"step": "picking", "stepTitle": "Wait for the picker"}),
            PICKED,
            Event("handed_over", status=409),
            Pass(23 * HOUR),
            Event("arrived", {"location": "bay 4"}),
            Event("handed_over"),
        ),
        output={"state": "Delivered"},
        order=("mark_order", "tell_customer", "mark_order", "tell_store", "mark_order"),
    ),
    Scenario(
        "sold out",
        order(),
        (Event("picked", {"complete": False}),),
        output={"state": "OutOfStock"},
        calls={"mark_order": 1, "tell_customer": 1, "restock": 0},
    ),
    Scenario(
        "the customer gives up",
        order(),
        (PICKED, Event("gave_up", {"reason": "rain"})),
        output={"state": "Restocked"},
        calls={"restock": 1},
    ),
    Scenario(
        "the customer does not come",
        order(),
        (PICKED, Pass(DAY)),
        output={"state": "Restocked"},
        order=("mark_order", "tell_customer", "restock"),
    ),
    Scenario("the store does not exist", order("closed"), error={"code": "UnknownStore"}),
    Scenario("nobody picks", order(), (Pass(3 * DAY),), error={"code": "EventTimedOut", "step": "picking"}),
)
