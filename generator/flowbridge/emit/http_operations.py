"""The HTTP functions of a workflow's package: each takes a request at its route and hands it to the runtime."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit.code import Code, docstring, quoted
from flowbridge.emit.layout import call, keyword, lines


@dataclass(frozen=True)
class Route:
    """Where a function is reached below its workflow, what serves it, and what it does.

    Who calls an `open` one needs no key and no sign-in: the token in its path is the authority. One that `decides` is
    told who is signed in.
    """

    path: str
    method: str
    name: str
    serves: str
    told: str
    open: bool = False
    decides: bool = False


@dataclass(frozen=True)
class HttpOperation:
    """A function as the templates print it."""

    decorators: tuple[Code, ...]
    signature: Code
    summary: Code
    call: Code


def http_operation(workflow: str, route: Route, *, signed_in: bool) -> HttpOperation:
    """The function of a route; `signed_in` says that whoever calls it has to be."""
    given = [keyword("route", quoted(f"{workflow}/{route.path}")), keyword("methods", f"[{quoted(route.method)}]")]
    if route.open:
        given.append(keyword("auth_level", "func.AuthLevel.ANONYMOUS"))
    serves = route.serves
    if signed_in and not route.open:
        serves = f"SIGN_IN.{'decides' if route.decides else 'asked'}({serves})"
    return HttpOperation(
        decorators=(
            Code("\n".join(lines(call("bp.route", *given), 0, "@"))),
            Code('@bp.durable_client_input(client_name="client")'),
        ),
        signature=Code(
            f"async def {workflow}_{route.name}(req: func.HttpRequest, client: Client) -> func.HttpResponse:"
        ),
        summary=docstring(route.told, 4),
        call=Code(f"    return await {serves}(WORKFLOW, req, client)"),
    )
