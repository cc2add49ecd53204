"""Files of a few hundred stations, of which some cannot be read."""

from collections.abc import Callable
from pathlib import Path

from tests.examples.scenario import Json, Scenario

MONTHS = [
    {"month": "2024-01", "count": 1_200, "lowest": -5.0, "highest": 4.0, "mean": -0.5},
    {"month": "2024-02", "count": 1_200, "lowest": 1.0, "highest": 1.0, "mean": 1.0},
]


def stations(count: int, bad: int | None = None) -> Callable[[Path], Json]:
    """So many files; station n measured n % 10 - 5 degrees in January, and 1 in February."""

    def make(folder: Path) -> Json:
        source = folder / "stations"
        source.mkdir()
        for number in range(count):
            january = "cold" if number == bad else str(number % 10 - 5)
            (source / f"{number:05d}.csv").write_text(f"2024-01-31,{january}\n2024-02-01,1\n", encoding="utf-8")
        return {"folder": str(source), "results": str(folder / "results")}

    return make


SCENARIOS = (
    Scenario(
        "all can be read",
        stations(1_200),
        output={"files": 1_200, "failed_batches": 0, "months": MONTHS},
        calls={"measure_batch": 3, "combine": 1},
    ),
    Scenario("no files", stations(0), output={"files": 0, "failed_batches": 0, "months": []}),
    Scenario(
        "one batch of three is more than five in a hundred",
        stations(1_200, bad=700),
        error={
            "code": "BadMeasurement",
            "message": "item 2 of 3: 00700.csv: '2024-01-31,cold' is no measurement",
            "step": "sums",
        },
        calls={"combine": 0},
    ),
    Scenario("no folder", {"folder": "/nowhere", "results": "/nowhere"}, error={"code": "NoFolder", "step": "files"}),
)
