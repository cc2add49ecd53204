"""The host's socket: how it comes to listen, and how it stops without leaving half a connection behind."""

import asyncio
import contextlib
import os
import socket

from .errors import HostError


def bound(port: int) -> socket.socket:
    """A socket that listens on loopback at that port; HostError if it cannot be had."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen()
    except OSError as error:
        made.close()
        text = f"port {port} cannot be used: {error.strerror or error}"
        raise HostError("H04", text, "stop what listens there, or give another port (0 for any)") from error
    return made


async def accept_no_more(listening: socket.socket) -> None:
    """Lets connections that are being accepted come about: of a server that closes meanwhile half of one is left."""
    with contextlib.suppress(NotImplementedError, ValueError):
        asyncio.get_running_loop().remove_reader(listening)
    for _ in range(3):
        await asyncio.sleep(0)
