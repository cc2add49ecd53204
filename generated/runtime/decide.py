"""The RaiseApproval operation: hands over an answer and tells what the workflow recorded.

The engine's own acceptance of an event is no promise that it counts. Each answer carries an id; the run shows which
answer it recorded, or that the time was up, and this operation waits, for a bounded time, until it does.
"""

from __future__ import annotations

import asyncio
import time
import uuid

import azure.functions as func

from .approval import is_asked
from .http import RefusedError, answer, read_body
from .operations import Instance, Workflow, find, find_run, hand_over, parts
from .progress import Decision, Waiting
from .sdk import Client

WAIT_SECONDS = 30.0


async def raise_approval(
    workflow: Workflow, request: func.HttpRequest, client: Client, signed_in: str | None = None
) -> func.HttpResponse:
    """Answers an approval: 200 with what was recorded; 400, 404 (unknown), 409 (not waiting) or 410 (ended).

    Whoever is signed in is the responder, and has to be one of the approvers: 403 otherwise.
    """
    try:
        approval = request.route_params["approval"]
        if approval not in workflow.answers:
            raise RefusedError(404, "UnknownApproval", f"{workflow.name} has no approval {approval!r}.")
        body = read_body(request, workflow.answers[approval])
        instance = await find_run(workflow, client, request.route_params["instanceId"])
        if signed_in is not None:
            body |= {"responder": signed_in, "signedIn": True}
        return answer(await _decide(client, instance, approval, body))
    except RefusedError as refused:
        return refused.answer()


def _not_asked(responder: str) -> RefusedError:
    return RefusedError(403, "NotAsked", f"{responder} is not asked for this approval.")


async def _decide(client: Client, instance: Instance, approval: str, body: dict[str, object]) -> dict[str, object]:
    if instance.ended:
        raise _ended(instance)
    answer_id = uuid.uuid4().hex
    told: dict[str, object] = {"instanceId": instance.id, "approval": approval}
    asking, waiting = await _asking(client, instance, approval)
    if waiting is None:
        recorded = asking.board.get("decisions", {}).get(approval)
        if recorded is None:
            raise RefusedError(409, "NotWaiting", f"The instance {instance.id!r} does not wait for {approval!r} now.")
        return {**told, **_told(recorded, answer_id, body)}
    # Where not all approvers are shown, the run itself looks whether this is one of them.
    responder = str(body["responder"])
    if "signedIn" in body and not waiting.get("more") and not is_asked(responder, waiting["approvers"]):
        raise _not_asked(responder)
    deadline = time.monotonic() + WAIT_SECONDS
    question, raised, pause = waiting["requestedAt"], "", 0.05
    # From here on only the part that asked is looked at: it tells what became of the answer even when it has ended.
    while (found := _outcome(asking, approval, question, answer_id, body)) is None:
        waiting = asking.board.get("waiting", {}).get(approval)
        # A round that ended with another's answer, or with what is no answer, goes on under another event name. When
        # the same approval asks again it is another question, and this answer is not for it.
        if waiting is not None and waiting["requestedAt"] == question and waiting["event"] != raised:
            raised = waiting["event"]
            await hand_over(client, asking.id, raised, {**body, "answerId": answer_id})
        if time.monotonic() > deadline:
            return {**told, "result": "pending"}
        await asyncio.sleep(pause)
        pause = min(1.0, pause * 1.5)
        asking = await find(client, asking.id) or asking
    return {**told, **found}


async def _asking(client: Client, instance: Instance, approval: str) -> tuple[Instance, Waiting | None]:
    """The part of the instance that asks for an approval, or has an outcome of it, and what it asks."""
    running = await parts(client, instance)
    for part in running:
        if approval in part.waiting:
            return part, part.waiting[approval]
    decided = [part for part in running if approval in part.board.get("decisions", {})]
    return (decided[-1] if decided else instance), None


def _outcome(
    asking: Instance, approval: str, question: str, answer_id: str, body: dict[str, object]
) -> dict[str, object] | None:
    """What to tell of an answer to a question, or None as long as that is open."""
    recorded = asking.board.get("decisions", {}).get(approval)
    if recorded is not None and recorded["requestedAt"] == question:
        return _told(recorded, answer_id, body)
    for one in asking.board.get("received", {}).get(approval, []):
        if one["answerId"] == answer_id:
            if one["result"] == "notAsked":
                raise _not_asked(str(body["responder"]))
            return {"result": "recorded", **_shown(body)} if one["result"] == "recorded" else {"result": one["result"]}
    if asking.ended:
        return {"result": "tooLate"}
    waiting = asking.board.get("waiting", {}).get(approval)
    if waiting is None or waiting["requestedAt"] != question:
        return None
    responders = [one.casefold() for one in waiting["responders"]]
    return {"result": "alreadyDecided"} if str(body["responder"]).casefold() in responders else None


def _shown(body: dict[str, object]) -> dict[str, object]:
    """What an answer tells of the caller's own decision."""
    return {name: body[name] for name in ("decision", "responder", "comments") if body.get(name) is not None}


def _told(recorded: Decision, answer_id: str, body: dict[str, object]) -> dict[str, object]:
    told: dict[str, object] = {"decidedAt": recorded["decidedAt"]}
    counts = answer_id in recorded["answerIds"]
    if recorded["timedOut"]:
        # An answer that counted and was not enough was recorded all the same.
        return {**told, "result": "recorded", **_shown(body)} if counts else {**told, "result": "tooLate"}
    told["result"] = "recorded" if counts else "alreadyDecided"
    told["decision"] = recorded.get("outcome")
    told["responder"] = recorded.get("responder")
    if "comments" in recorded:
        told["comments"] = recorded["comments"]
    return told


def _ended(instance: Instance) -> RefusedError:
    return RefusedError(410, "Ended", f"The instance {instance.id!r} has ended: {instance.status}.")
