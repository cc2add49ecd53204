"""A task that is done after some reminders, one that cannot be done, and one of which nobody hears again."""

from tests.examples.scenario import DAY, HOUR, Answer, Pass, Reminded, Scenario

GIVEN = {"person": "ada@example.com", "task": "Water the plants"}

SCENARIOS = (
    Scenario(
        "done after two reminders",
        GIVEN,
        (
            Pass(2.5 * HOUR),
            Reminded("task", 2),
            Answer("task", "ada@example.com", "Done", comments="They look better"),
        ),
        output={"done_by": "ada@example.com", "remark": "They look better"},
        seconds=2.5 * HOUR,
    ),
    Scenario("done at once", GIVEN, (Answer("task", "bob", "Done"),), output={"done_by": "bob"}, seconds=0),
    Scenario(
        "cannot be done",
        GIVEN,
        (Answer("task", "ada@example.com", "Impossible", comments="They are gone"),),
        error={"code": "NotDone", "message": "ada@example.com cannot do it: They are gone"},
    ),
    Scenario(
        "never done",
        GIVEN,
        (Pass(14 * DAY - 1), Reminded("task", 14 * 24 - 1), Pass(1)),
        error={"code": "NotDone", "message": "Nobody has done it: Water the plants"},
    ),
)
