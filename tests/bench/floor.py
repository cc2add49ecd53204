"""The floor: the smallest programs on SQLite that do the host workloads with the SDK, to measure an engine against.

No timers, retries, concurrency, recovery, HTTP, task ids of the .NET side: an episode, its activities, a commit. The
first option says how an episode is made: `stock` replays the whole history through the unchanged SDK, `iso` does so
with `datetime.fromisoformat` in place of dateutil, `sticky` keeps the orchestrator's generator between episodes. With
the option `full` each commit is on the disk before the program goes on (synchronous=FULL, NORMAL otherwise).
"""

# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false

import importlib
import json
import sqlite3
from datetime import UTC, datetime

import azure.durable_functions as df
from azure.durable_functions.models.DurableOrchestrationContext import DurableOrchestrationContext
from azure.durable_functions.models.TaskOrchestrationExecutor import TaskOrchestrationExecutor
from dialogue import Job, hear, job, perform, say

# The package has a class of the module's name, which an import statement would give.
events = importlib.import_module("azure.durable_functions.models.history.HistoryEvent")

STARTED, ORCHESTRATOR_STARTED, COMPLETED, SCHEDULED, RAISED = 0, 12, 13, 4, 15
TASK_COMPLETED, CALL_ACTIVITY = 5, 0


def chain(context):
    total = 0
    for _ in range(context.get_input()["size"]):
        total = yield context.call_activity("increment", total)
    return total


def fan_out(context):
    size = context.get_input()["size"]
    results = yield context.task_all([context.call_activity("double", i) for i in range(size)])
    return sum(results)


def parked(context):
    return (yield context.wait_for_external_event("go"))


ORCHESTRATORS = {"chain": chain, "fan_out": fan_out, "parked": parked}
ACTIVITIES = {"increment": lambda number: number + 1, "double": lambda number: 2 * number}


def event(kind, number=-1, **fields):
    """A history event of now."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    return {"EventType": kind, "EventId": number, "IsPlayed": False, "Timestamp": moment, **fields}


class Replay:
    """An instance whose every episode is a replay of its history by the SDK."""

    def __init__(self, name, function, size):
        self.handle = df.Orchestrator.create(ORCHESTRATORS[function])
        self.name, self.input, self.history, self.seen = name, json.dumps({"size": size}), [], 0

    def episode(self, new):
        """Run on new events; gives the answer's new actions, and whether it is done."""
        self.history += new
        body = {
            "history": self.history,
            "input": self.input,
            "instanceId": self.name,
            "isReplaying": False,
            "parentInstanceId": None,
            "upperSchemaVersion": 1,
            "upperSchemaVersionNew": 3,
        }
        answer = json.loads(self.handle(json.dumps(body)))
        actions = [action for row in answer["actions"] for action in row]
        fresh, self.seen = flat(actions[self.seen :]), len(actions)
        for item in new:
            item["IsPlayed"] = True
        return fresh, answer["isDone"], answer.get("output")


class Sticky:
    """An instance whose generator is kept; an episode feeds it the new events alone."""

    def __init__(self, name, function, size):
        self.function, self.name, self.input = ORCHESTRATORS[function], name, json.dumps({"size": size})
        self.executor, self.seen = None, 0

    def episode(self, new):
        """Run on new events; gives the answer's new actions, and whether it is done."""
        executor = self.executor
        if executor is None:
            context = DurableOrchestrationContext(new[:2], self.name, False, None, self.input, upperSchemaVersionNew=3)
            executor = self.executor = TaskOrchestrationExecutor()
            executor.get_orchestrator_state_str = lambda: ""
            executor.execute(context, context.histories, self.function)
        else:
            for item in new:
                executor.process_event(events.HistoryEvent(**item))
        actions = executor.context._actions[0]
        fresh, self.seen = flat([action.to_json() for action in actions[self.seen :]]), len(actions)
        return fresh, executor.has_execution_completed, executor.output


def flat(actions):
    """The calls of activities among these actions."""
    leaves = [leaf for action in actions for leaf in action.get("compoundActions", [action])]
    return [leaf for leaf in leaves if leaf["actionType"] == CALL_ACTIVITY]


class Floor:
    """One file of histories, and the instances on it."""

    def __init__(self, task: Job) -> None:
        self.kind = Sticky if "sticky" in task.options else Replay
        self.db = sqlite3.connect(task.folder / "floor.db", isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(f"PRAGMA synchronous={'FULL' if 'full' in task.options else 'NORMAL'}")
        self.db.execute("CREATE TABLE history(instance TEXT, events TEXT)")
        self.db.execute("CREATE TABLE instances(id TEXT PRIMARY KEY, status TEXT, output TEXT)")

    def store(self, name, new, status, output):
        """One transaction: what an episode adds to the history, and the state after it."""
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute("INSERT INTO history VALUES(?,?)", (name, json.dumps(new)))
        self.db.execute("INSERT OR REPLACE INTO instances VALUES(?,?,?)", (name, status, json.dumps(output)))
        self.db.execute("COMMIT")

    def run(self, instance, new, numbers):
        """Run an instance until it is done, or waits for the world; `numbers` counts its tasks. Gives its output."""
        while True:
            episode = [event(ORCHESTRATOR_STARTED), *new]
            actions, done, output = instance.episode(episode)
            scheduled = [(next(numbers), action) for action in actions]
            calls = [event(SCHEDULED, number, Name=action["functionName"]) for number, action in scheduled]
            added = [*calls, event(COMPLETED)]
            if isinstance(instance, Replay):
                instance.history += added
            self.store(instance.name, [*episode, *added], "Completed" if done else "Running", output)
            if done or not scheduled:
                return output
            new = [
                event(
                    TASK_COMPLETED,
                    TaskScheduledId=number,
                    Result=json.dumps(ACTIVITIES[action["functionName"]](json.loads(action["input"]))),
                )
                for number, action in scheduled
            ]

    def start(self, name, function, size):
        """A new instance and its output, None if it waits."""
        instance = self.kind(name, function, size)
        return instance, self.run(
            instance, [event(STARTED, Name=function, Version=None, Input=instance.input)], iter(range(10**9))
        )


def work(task: Job, floor: Floor) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain" | "fan_out":
            return floor.start("it", task.workload, task.size)[1]
        case "many":
            return sum(floor.start(f"i{n}", "chain", 5)[1] for n in range(task.size))
        case "parked":
            waiting = [floor.start(f"p{n}", "parked", 0)[0] for n in range(task.size)]
            say("parked")
            hear("on")
            go = {"Name": "go", "Input": "1"}
            return sum(floor.run(instance, [event(RAISED, **go)], iter(range(1))) for instance in waiting)
        case _:
            raise SystemExit("the floor recovers nothing")


def main() -> None:
    """Run the job at hand."""
    task = job()
    if "iso" in task.options:
        events.dt_parse = datetime.fromisoformat
    floor = Floor(task)
    perform(lambda: work(task, floor))


if __name__ == "__main__":
    main()
