"""The orchestrator of expressions, generated from expressions/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.functions import add_duration, coalesce, first, format_date, largest, last, smallest, text, to_json
from runtime.orchestrate import run_workflow
from runtime.run import Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import ExpressionsInput, ExpressionsOutput, Failure


@bp.orchestration_trigger(context_name="context")
def expressions(context: Context) -> Orchestration:
    """Expressions: Every operator and function of the language. (expressions/workflow.yaml:1)"""
    return run_workflow(context, "expressions", 1, _expressions, announces=True)


def _expressions(run: Run, input_: ExpressionsInput) -> Steps[ExpressionsOutput]:
    yield from ()  # steps are a generator even where none of them waits
    # expressions/workflow.yaml:27 numbers
    run.step("numbers")
    numbers: list[float] = [
        input_["a"] + 2 * input_["b"] - 1,
        (input_["a"] + 2) * (input_["a"] - 1),
        -input_["a"] // 2 % 5,
        input_["a"] - (input_["a"] - 1),
        input_["a"] / 4,
        len(input_["words"]) + len(input_["s"]),
        sum(len(word) for word in input_["words"]),
        coalesce(smallest([3, input_["a"]]), 0),
        largest(1, input_["a"], 2),
        int("42") + int(2.9),
        float("1.5"),
        round(2.5),
        round(input_["b"], 1),
        1 if input_["a"] > 3 else 2 if input_["a"] > 2 else 3,
        coalesce(first([n for n in [1, 2, 3] if n > input_["a"]]), -1),
        coalesce(last([1, 2, 3]), 0),
    ]

    # expressions/workflow.yaml:45 texts
    run.step("texts")
    texts: list[str] = [
        f"{input_['s'].upper()} and {input_['s'].lower()}",
        "-".join(sorted(input_["words"])),
        "".join("a,b,c".split(",")),
        f"{text(input_['a'])}{text(input_['b'])}{text(True)}",
        f"amount {input_['a']}, {text(input_['b'])}, {text(input_['a'] > 1)}",
        f"{format_date(input_['moment'], '%d.%m.%Y %H:%M')} {format_date(input_['day'], '%j')}",
        add_duration(input_["moment"], "1d12h"),
        to_json(input_["words"]),
        input_["words"][0] + "!" if len(input_["words"]) > 0 else "empty",
        'He said "' + input_["s"] + "\", she said '" + input_["s"] + "'",
        "quote \" and ' apostrophe and \\ backslash",
    ]

    # expressions/workflow.yaml:58 truths
    run.step("truths")
    truths: list[bool] = [
        input_["a"] == 2 and not (input_["b"] > 1 or input_["s"] == "x"),
        input_["a"] != 2 or input_["b"] <= 1,
        "beta" in input_["words"],
        "el" in input_["s"] and "zz" not in input_["s"],
        input_["s"].startswith("He"),
        "alpha" in input_["words"] and "omega" not in input_["words"],
        any(input_["flags"]),
        all(flag for flag in input_["flags"]),
        any(word == "beta" for word in input_["words"] if len(word) > 2),
        1 < input_["a"],
    ]

    # expressions/workflow.yaml:70 failures
    run.step("failures")
    failures: list[Failure] = [
        Failure(id=word, reason="none given", size=len(word)) for word in input_["words"] if word != "alpha"
    ]

    # expressions/workflow.yaml:72
    return {
        "numbers": numbers,
        "texts": texts,
        "truths": truths,
        "failures": failures,
        "stamp": run.now(),
        "today": run.today(),
        "id": run.uuid(),
    }
