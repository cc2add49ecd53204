"""Work that succeeds, and work that fails."""

from tests.examples.scenario import Json, Scenario


def work(command: str) -> Json:
    """A command, of which Ada wants to know."""
    return {"command": command, "notify": "ada@example.com"}


SCENARIOS = (
    Scenario(
        "succeeds",
        work("echo hello"),
        output={"printed": "hello"},
        order=("run_command", "send_mail", "celebrate"),
        calls={"cry": 0},
    ),
    Scenario(
        "fails",
        work("exit 3"),
        error={"code": "NonZeroExit", "message": "exit 3: exit code 3", "step": "work"},
        order=("run_command", "send_mail", "cry"),
        calls={"celebrate": 0},
    ),
)
