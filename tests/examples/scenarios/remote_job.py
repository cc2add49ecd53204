"""Jobs that succeed, fail, take too long, and go to nobody."""

from tests.examples.scenario import HOUR, Json, Pass, Scenario, Shown


def job(dataset: str, service: str = "https://jobs.example.com") -> Json:
    """A job on a data set."""
    return {"service": service, "dataset": dataset}


SCENARIOS = (
    Scenario(
        "done after three minutes",
        job("sales-3"),
        (Shown({"step": "done", "message": "Asking for job job-sales-3"}), Pass(HOUR)),
        output={
            "job_id": "job-sales-3",
            "state": "Succeeded",
            "rows": 500,
            "artifact": "https://jobs.example.com/artifacts/sales",
        },
        calls={"submit": 1, "look": 4},
        seconds=180,
    ),
    Scenario(
        "failed after two minutes",
        job("bad-2"),
        (Pass(HOUR),),
        error={"code": "JobFailed", "message": "Job job-bad-2 failed: the data set cannot be read"},
        calls={"look": 3},
    ),
    Scenario(
        "not done in time",
        job("slow-600"),
        (Pass(2 * HOUR),),
        error={"code": "RepeatExhausted", "step": "done"},
        seconds=59 * 60,
    ),
    Scenario("no such service", job("sales-3", "ftp://jobs"), error={"code": "ServiceUnknown", "step": "job"}),
)
