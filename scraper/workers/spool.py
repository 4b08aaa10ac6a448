"""Where a worker writes its parts, and how they get from there to the store; what dead workers left on this machine is handed in too."""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from scraper.archive.database import ArchiveError
from scraper.workers.parts import recover, sealed_in
from scraper.workers.store import Store, StoreFailed

LOOK_SECONDS = 0.5
"""Between two looks for sealed parts."""
ORPHANS_SECONDS = 10.0
"""Between two looks for what dead workers left."""
AFTER_FAILURE = 5.0
_LOCK = "lock"


class Spool:
    """The folder of one worker process below one that all workers of a machine share. ``say`` is told when the store fails."""

    def __init__(self, base: Path, worker: str, store: Store, say: Callable[[str], None]) -> None:
        self.worker = worker
        self.folder = base.resolve() / worker
        # Locked before it is seen: another worker would take it for a dead one's.
        unseen = self.folder.with_name(f".{worker}")
        unseen.mkdir(parents=True)
        lock = _lock(unseen)
        assert lock is not None, "two workers of one name"
        self._lock = lock
        unseen.rename(self.folder)
        self._base = base.resolve()
        self._store = store
        self._say = say
        self._stop = threading.Event()
        self._failing = False
        self._left: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)

    def start(self) -> None:
        """Begin to hand in."""
        self._thread.start()

    def stop(self) -> None:
        """Hand in what is sealed, once more; what cannot be handed in now is by the next worker on this machine."""
        self._stop.set()
        self._thread.join()
        if self.hand_in(self.folder):
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()

    def hand_in(self, folder: Path) -> bool:
        """Hand in every sealed part of a folder in order; False when the store failed or something is left."""
        try:
            for path in sealed_in(folder):
                self._store.put(path)
                path.unlink()
        except (StoreFailed, OSError) as error:
            if not self._failing:
                self._say(f"{error}; what is crawled is kept in {folder} until it works again")
            self._failing = True
            return False
        self._failing = False
        return not any(path.name != _LOCK for path in folder.iterdir())

    def adopt(self) -> None:
        """Seal and hand in what dead workers left on this machine."""
        for folder in self._base.iterdir():
            if folder == self.folder or not folder.is_dir() or folder.name.startswith(".") or folder.name in self._left:
                continue
            lock = _lock(folder)
            if lock is None:
                continue  # it lives
            with lock:
                try:
                    if recovered := recover(folder):
                        self._say(f"{recovered} parts that {folder.name} left open are sealed")
                except (ValueError, ArchiveError) as error:
                    self._left.add(folder.name)
                    self._say(f"what a dead worker left in {folder} cannot be sealed ({error}); look at it")
                if self.hand_in(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    def _run(self) -> None:
        since_look = ORPHANS_SECONDS
        while not self._stop.wait(AFTER_FAILURE if self._failing else LOOK_SECONDS):
            self.hand_in(self.folder)
            since_look += LOOK_SECONDS
            if since_look >= ORPHANS_SECONDS and not self._failing:
                since_look = 0.0
                self.adopt()


def _lock(folder: Path) -> IO[str] | None:
    """The lock of a worker's folder, which dies with its process; None while it lives."""
    handle = open(folder / _LOCK, "a", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
