"""The five cases of the original's test file, under its names, and a service that stays down."""

from tests.examples.scenario import Json, Pass, Scenario


def feedback(comments: str = "I love it", passport: str = "P1", street: str = "High Street 1") -> Json:
    """What Ada wrote."""
    return {
        "identity": {"email": "ada@example.com", "passport": passport},
        "address": {"street": street, "city": "London", "zip": "N1"},
        "comments": comments,
    }


SCENARIOS = (
    Scenario(
        "HappyPathTest",
        feedback(),
        output={"outcome": "CustomerAdded"},
        order=("detect_sentiment", "add_to_follow_up", "publish"),
        seconds=0,
    ),
    Scenario(
        "NegativeSentimentTest",
        feedback("It is awful"),
        output={"outcome": "NegativeSentiment"},
        order=("detect_sentiment", "publish"),
        calls={"add_to_follow_up": 0},
    ),
    Scenario(
        "CustomValidationFailedCatchTest",
        feedback(passport="forged"),
        (Pass(3),),
        output={"outcome": "ValidationFailed"},
        calls={"check_identity": 4, "detect_sentiment": 0, "publish": 1},
        seconds=3,
    ),
    Scenario(
        "ValidationExceptionCatchTest",
        feedback(street="?"),
        output={"outcome": "ValidationException"},
        calls={"check_address": 1, "detect_sentiment": 0, "publish": 1},
    ),
    Scenario(
        "RetryOnServiceExceptionTest",
        feedback("Again a good one"),
        (Pass(3),),
        output={"outcome": "CustomerAdded"},
        calls={"detect_sentiment": 4},
        seconds=3,
    ),
    Scenario(
        "the input is not in order",
        {"identity": {"email": "ada@example.com", "passport": "P1"}, "comments": ""},
        refused="InvalidInput",
    ),
)
