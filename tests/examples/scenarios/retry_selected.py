"""Failures that are tried again, and failures that are not."""

from tests.examples.scenario import Pass, Scenario

MINUTE = (Pass(60),)

SCENARIOS = (
    Scenario(
        "the third attempt succeeds",
        {"script": "2 gone 0"},
        MINUTE,
        output={"attempts": 3},
        calls={"run_script": 3},
        seconds=2,
    ),
    Scenario(
        "an unsafe script whose machine was gone",
        {"script": "unsafe gone 0"},
        MINUTE,
        output={"attempts": 2},
    ),
    Scenario("exit code 1", {"script": "2 1 0"}, MINUTE, error={"code": "ScriptWrong"}, calls={"run_script": 2}),
    Scenario("too slow", {"script": "slow 0"}, MINUTE, error={"code": "TookTooLong"}, calls={"run_script": 1}),
    Scenario("unsafe", {"script": "unsafe 2 0"}, MINUTE, error={"code": "ScriptFailed"}, calls={"run_script": 1}),
    Scenario(
        "never succeeds",
        {"script": "2"},
        MINUTE,
        error={"code": "ScriptFailed", "message": "exit code 2"},
        calls={"run_script": 11},
        seconds=10,
    ),
)
