"""An issue that goes back and forth until it is closed, and the ways in which it goes wrong."""

from tests.examples.scenario import DAY, Event, Json, Pass, Scenario, Shown


def issue(team: str = "QA", repository: str = "app") -> Json:
    """An issue of Quinn's."""
    author = {"name": "quinn", "team": team}
    return {
        "issue": {
            "organization": "contoso",
            "repository": repository,
            "number": 7,
            "title": "It does not work",
            "author": author,
        }
    }


def worked(action: str) -> Event:
    """Dana is done for now."""
    return Event("dev_work_completed", {"next_action": action, "dev": "dana"})


SCENARIOS = (
    Scenario(
        "closed at the third turn",
        issue(),
        (
            Shown({"runtimeStatus": "Running", "message": "With the developers"}),
            worked("requestDetails"),
            Shown({"message": "Waiting for details"}),
            Event("reviewed", {"reviewer": "rob"}, status=409),
            Pass(3 * DAY),
            Event("details_provided"),
            worked("review"),
            Event("reviewed", {"reviewer": "rob"}),
            Event("evaluated", {"next_action": "reopen"}),
            worked("review"),
            Event("reviewed", {"reviewer": "ruth"}),
            Event("evaluated", {"next_action": "close"}),
        ),
        output={"dev": "dana", "reviewer": "ruth"},
        calls={"notify": 9, "close_issue": 1},
        seconds=3 * DAY,
    ),
    Scenario(
        "reviewed by whoever did the work",
        issue(),
        (worked("review"), Event("reviewed", {"reviewer": "dana"})),
        error={"code": "InvalidReviewer", "message": "dana did the work, and cannot review it"},
    ),
    Scenario(
        "an action that nobody knows",
        issue(),
        (worked("sing"),),
        error={"code": "UnsupportedAction", "message": '"sing" is not supported here'},
    ),
    Scenario("nobody works", issue(), (Pass(90 * DAY),), error={"code": "EventTimedOut", "step": "work"}),
    Scenario("no such repository", issue(repository="gone"), error={"code": "NoSuchRepository"}),
    Scenario("not written by QA", issue("Sales"), refused="InvalidInput"),
)
