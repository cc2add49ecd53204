"""An activity's answer is always an envelope, whatever the function does."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from flowbridge.runtime.activity import RESULT_LIMIT, perform, perform_async
from flowbridge.runtime.validation import Schema


class Declared(Exception):  # noqa: N818
    """An error that the contract names."""


class Special(Declared):
    """A kind of it."""


ANY: Schema = {}
INTEGER: Schema = {"type": "integer"}


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Failures are logged on purpose."""
    caplog.set_level(logging.CRITICAL)


def answers(value: object) -> Any:
    """A function that returns a value."""

    def give() -> object:
        return value

    return give


def raises(failure: BaseException) -> Any:
    """A function that raises an exception."""

    def give() -> object:
        raise failure

    return give


def test_arguments_are_passed_by_name() -> None:
    def turn(a: int, b: int) -> list[int]:
        return [b, a]

    assert perform(turn, {"a": 1, "b": 2}, result=ANY) == {"ok": True, "value": [2, 1]}


def test_a_result_that_nobody_reads_is_not_passed_on() -> None:
    assert perform(answers(object()), {}) == {"ok": True, "value": None}


def test_a_result_is_completed_with_defaults() -> None:
    schema: Schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"default": 2}}}
    assert perform(answers({"a": 1}), {}, result=schema) == {"ok": True, "value": {"a": 1, "b": 2}}


def test_a_tuple_is_a_list_on_the_wire() -> None:
    assert perform(answers((1, 2)), {}, result=ANY).get("value") == [1, 2]


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (Declared("why"), "Declared", "why"),
        (Special("why"), "Declared", "why"),
        (ValueError("why"), "ActivityFailed", "ValueError: why"),
        (KeyError("k"), "ActivityFailed", "KeyError: 'k'"),
        (Declared(), "Declared", ""),
        (Declared("x" * 5_000), "Declared", "x" * 1_000),
        (RecursionError("deep"), "ActivityFailed", "RecursionError: deep"),
        (TimeoutError(), "ActivityFailed", "TimeoutError: "),
    ],
)
def test_a_failure_is_told_by_its_name(failure: Exception, code: str, message: str) -> None:
    envelope = perform(raises(failure), {}, errors=("Declared",))
    assert envelope == {"ok": False, "error": {"code": code, "message": message}}


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), SystemExit(1)])
def test_the_end_of_the_process_is_not_a_failure_of_the_function(failure: BaseException) -> None:
    with pytest.raises(type(failure)):
        perform(raises(failure), {})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({1, 2}, "not JSON"),
        (object(), "not JSON"),
        (float("nan"), "not JSON"),
        (float("inf"), "not JSON"),
        (b"bytes", "not JSON"),
        ("text", "breaks the contract at /: 'text' is not of type 'integer'"),
        (None, "breaks the contract"),
        (True, "breaks the contract"),
    ],
)
def test_a_result_that_breaks_the_contract_is_refused(value: object, said: str) -> None:
    envelope = perform(answers(value), {}, result=INTEGER)
    error = envelope.get("error")
    assert error is not None
    assert error["code"] == "InvalidResult"
    assert said in error["message"]


def test_a_result_that_is_too_large_is_refused_with_the_cure() -> None:
    error = perform(answers("x" * RESULT_LIMIT), {}, result=ANY).get("error")
    assert error is not None
    assert error["message"].endswith("return a reference")


@pytest.mark.parametrize("value", [{"$ref": 1}, [{"a": {"$type": "x"}}], {"$": 0}])
def test_a_key_that_the_engine_would_swallow_is_refused(value: object) -> None:
    error = perform(answers(value), {}, result=ANY).get("error")
    assert error is not None
    assert error["code"] == "InvalidResult"


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    error = perform(answers(loop), {}, result=ANY).get("error")
    assert error is not None
    assert error["code"] == "InvalidResult"


def test_wrong_arguments_are_a_failure_of_the_activity() -> None:
    error = perform(answers(1), {"unknown": 1}, result=ANY).get("error")
    assert error is not None
    assert error["code"] == "ActivityFailed"


def test_an_async_function_is_awaited_and_its_failures_told_alike() -> None:
    async def give(value: int) -> int:
        await asyncio.sleep(0)
        if value < 0:
            raise Declared("negative")
        return value

    good = asyncio.run(perform_async(give, {"value": 1}, result=INTEGER))
    bad = asyncio.run(perform_async(give, {"value": -1}, errors=("Declared",), result=INTEGER))
    assert good == {"ok": True, "value": 1}
    assert bad == {"ok": False, "error": {"code": "Declared", "message": "negative"}}
