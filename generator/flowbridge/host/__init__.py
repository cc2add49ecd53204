"""The local host: it loads a Durable Functions app by path and runs it on one machine, durably, as Azure would.

The flow of one instance: `management` or `triggers` (HTTP) put a message into the `engine`; the engine gathers what
is ready, lets `sdk` run the app's orchestrator through the real SDK, lets `shim` and `dtfx` do with the answer what the
.NET side does, has `strict` judge it, applies what comes of it (`ledger`, `mail`), and commits all of it to SQLite
(`store`) in one transaction; only then are activities started (`activities`) and callers answered.

Public entry points: `options.HostOptions`, `server.serve`, `server.running`, `errors.HostError`.
"""
