"""Everything that survives: one SQLite file, one transaction a batch, and a lock against a second host.

`Store` belongs to the engine's thread, `Reader` to the HTTP side; a reader sees what is committed. Of a history each
episode is one row (`chunks`). What is outstanding has a row until the transaction in which its outcome enters a
history: messages in `inbox`, work in `activities`, and `timers`.
"""

import contextlib
import json
import sqlite3
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .errors import HostError
from .history import Event

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SCHEMA = 1
FILE = "host.db"
LOCK = "host.lock"
_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE instances(id TEXT PRIMARY KEY, name TEXT, version TEXT, execution TEXT, parent TEXT, status TEXT,
    input TEXT, output TEXT, custom TEXT, created INTEGER, updated INTEGER, episodes INTEGER,
    dropped TEXT);
CREATE TABLE chunks(instance TEXT, n INTEGER, events TEXT, PRIMARY KEY(instance, n)) WITHOUT ROWID;
CREATE TABLE inbox(row INTEGER PRIMARY KEY, instance TEXT, execution TEXT, event TEXT);
CREATE TABLE activities(row INTEGER PRIMARY KEY, instance TEXT, execution TEXT, task INTEGER, name TEXT, input TEXT);
CREATE TABLE timers(row INTEGER PRIMARY KEY, instance TEXT, execution TEXT, task INTEGER, fire_at INTEGER,
    cancelled INTEGER);
"""
_COLUMNS = "id, name, version, execution, parent, status, input, output, custom, created, updated, episodes, dropped"


@dataclass(slots=True)
class Record:
    """One instance's row; `parent`, `input`, `output`, `custom` and `dropped` are JSON text, times microseconds."""

    id: str
    name: str
    version: str | None
    execution: str
    parent: str | None
    status: str
    input: str | None
    output: str | None
    custom: str | None
    created: int
    updated: int
    episodes: int
    dropped: str | None = None

    def row(self) -> tuple[Any, ...]:
        """The columns' values in their order."""
        return (
            self.id,
            self.name,
            self.version,
            self.execution,
            self.parent,
            self.status,
            self.input,
            self.output,
            self.custom,
            self.created,
            self.updated,
            self.episodes,
            self.dropped,
        )


@dataclass
class Writes:
    """What one transaction changes."""

    records: dict[str, Record] = field(default_factory=dict[str, Record])
    forget: list[str] = field(default_factory=list[str])
    reset: list[str] = field(default_factory=list[str])
    chunks: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    inbox: dict[int, tuple[Any, ...]] = field(default_factory=dict[int, tuple[Any, ...]])
    inbox_gone: list[int] = field(default_factory=list[int])
    activities: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    activities_gone: list[int] = field(default_factory=list[int])
    timers: dict[int, tuple[Any, ...]] = field(default_factory=dict[int, tuple[Any, ...]])
    timers_gone: list[int] = field(default_factory=list[int])
    timers_cancelled: list[int] = field(default_factory=list[int])

    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not any(vars(self).values())


class Store:
    """The writing side. Raises HostError H05 to H10."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._lock_file = _lock(folder)
        try:
            self._db = _connect(folder / FILE, "FULL" if durable else "OFF")
        except BaseException:
            self._lock_file.close()
            raise

    def close(self) -> None:
        """Close the file and let another host have it."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._lock_file.close()

    def commit(self, writes: Writes, now: int) -> None:
        """Write all of it, or nothing."""
        with _translated():
            run, many = self._db.execute, self._db.executemany
            run("BEGIN IMMEDIATE")
            try:
                for name in writes.forget:
                    run("DELETE FROM instances WHERE id=?", (name,))
                for name in (*writes.forget, *writes.reset):
                    run("DELETE FROM chunks WHERE instance=?", (name,))
                if writes.records:
                    rows = [record.row() for record in writes.records.values()]
                    many(f"INSERT OR REPLACE INTO instances({_COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
                many("INSERT INTO chunks VALUES(?,?,?)", writes.chunks)
                many("INSERT INTO inbox VALUES(?,?,?,?)", writes.inbox.values())
                many("DELETE FROM inbox WHERE row=?", [(row,) for row in writes.inbox_gone])
                many("INSERT INTO activities VALUES(?,?,?,?,?,?)", writes.activities)
                many("DELETE FROM activities WHERE row=?", [(row,) for row in writes.activities_gone])
                many("INSERT INTO timers VALUES(?,?,?,?,?,?)", writes.timers.values())
                many("DELETE FROM timers WHERE row=?", [(row,) for row in writes.timers_gone])
                many("UPDATE timers SET cancelled=1 WHERE row=?", [(row,) for row in writes.timers_cancelled])
                run("INSERT OR REPLACE INTO meta VALUES('clock',?)", (str(now),))
                run("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    run("ROLLBACK")
                raise

    def clock(self) -> int:
        """The virtual time of the last commit, 0 in a new file."""
        with _translated():
            found = self._db.execute("SELECT value FROM meta WHERE key='clock'").fetchone()
            return int(found[0]) if found else 0

    def outstanding(self, table: str) -> list[tuple[Any, ...]]:
        """Every row of inbox, activities or timers, oldest first."""
        with _translated():
            return self._db.execute(f"SELECT * FROM {table} ORDER BY row").fetchall()

    def record(self, instance: str) -> Record | None:
        """One instance's row."""
        with _translated():
            return _record(self._db, instance)

    def past(self, instance: str) -> Iterator[Event]:
        """Its history, read as it is consumed."""
        with _translated():
            yield from _history(self._db, instance)


class Reader:
    """The reading side, for any thread."""

    def __init__(self, folder: Path) -> None:
        with _translated():
            self._db = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    def record(self, instance: str) -> Record | None:
        """One instance's row."""
        with self._lock, _translated():
            return _record(self._db, instance)

    def past(self, instance: str) -> list[Event]:
        """Its history."""
        with self._lock, _translated():
            return list(_history(self._db, instance))

    def query(
        self,
        *,
        first: str = "",
        prefix: str = "",
        statuses: Sequence[str] = (),
        created_from: int | None = None,
        created_to: int | None = None,
        limit: int = -1,
    ) -> list[Record]:
        """Instances in the order of their ids, from `first` on; times are inclusive."""
        wanted, values = ["id >= ?"], list[Any]([first])
        if prefix:
            wanted.append("substr(id, 1, ?) = ?")
            values += [len(prefix), prefix]
        if statuses:
            wanted.append(f"status IN ({','.join('?' * len(statuses))})")
            values += statuses
        for column, moment in (("created >= ?", created_from), ("created <= ?", created_to)):
            if moment is not None:
                wanted.append(column)
                values.append(moment)
        text = f"SELECT {_COLUMNS} FROM instances WHERE {' AND '.join(wanted)} ORDER BY id LIMIT ?"
        with self._lock, _translated():
            return [Record(*row) for row in self._db.execute(text, (*values, limit))]


def _record(db: sqlite3.Connection, instance: str) -> Record | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM instances WHERE id=?", (instance,)).fetchone()
    return Record(*row) if row else None


def _history(db: sqlite3.Connection, instance: str) -> Iterator[Event]:
    for (text,) in db.execute("SELECT events FROM chunks WHERE instance=? ORDER BY n", (instance,)):
        yield from json.loads(text)


def _lock(folder: Path) -> IO[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = open(folder / LOCK, "a+")  # noqa: SIM115 - the lock lives as long as the store
    except OSError as error:
        raise HostError("H10", f"{folder} cannot be used: {error}", "give a folder that can be written") from error
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise HostError("H05", f"another host is at work on {folder}", "stop it, or give another folder") from error
    return handle


def _connect(path: Path, synchronous: str) -> sqlite3.Connection:
    with _translated():
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=64)
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA:
                raise HostError(
                    "H09",
                    f"{path} is of version {version}, this host knows up to {SCHEMA}",
                    "use a newer flowbridge, or another data folder",
                )
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA synchronous={synchronous}")
            if version == 0:
                db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={SCHEMA}; COMMIT;")
            elif db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("database disk image is malformed")
        except BaseException:
            db.close()
            raise
        return db


@contextlib.contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise HostError("H06", f"the database is locked by another program ({text})", "close it") from error
        if "full" in text or "disk I/O" in text:
            raise HostError("H07", f"the database cannot be written: {text}", "make room on the disk") from error
        if isinstance(error, sqlite3.OperationalError) and "unable to open" in text:
            raise HostError(
                "H10", f"the database cannot be opened: {text}", "give a folder that can be written"
            ) from error
        raise HostError(
            "H08", f"the database is broken: {text}", "restore the data folder, or take a new one"
        ) from error
