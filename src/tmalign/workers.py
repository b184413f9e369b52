"""A function over many items in processes: results as they come, and an end to all of them on Ctrl-C."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from tmalign.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items handed out ahead for each process: enough to keep it busy, few enough to keep memory level.
_AHEAD = 3


def results(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Generator[Result, None, None]:
    """Yield `task(item)` for every item as each is finished, in no fixed order.

    With one job or one item everything happens in this process, in order. `task`, items and results must be
    picklable otherwise. Closing the generator, or an exception such as KeyboardInterrupt, ends the processes.
    Raises WorkerError where a process dies.
    """
    jobs = min(jobs, len(items))
    if jobs <= 1:
        yield from map(task, items)
        return
    before = set(multiprocessing.active_children())
    # Spawned, not forked: the same on every system, and safe beside threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent)
    try:
        yield from _collect(pool, task, items, jobs)
    except BrokenProcessPool as error:
        raise WorkerError(
            "a worker process died, perhaps for want of memory; what was finished is kept",
            hint="run the same command again, with fewer --jobs",
        ) from error
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _collect(
    pool: ProcessPoolExecutor, task: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Iterator[Result]:
    """Keep the pool busy and yield what comes back."""
    rest = iter(items)
    pending: set[Future[Result]] = set()
    while True:
        for item in islice(rest, jobs * _AHEAD - len(pending)):
            with _interrupts_held():
                pending.add(pool.submit(task, item))
        if not pending:
            return
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        while done:
            yield done.pop().result()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts: it inherits that, and leaves the answer to its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent() -> None:
    """Let this worker ignore Ctrl-C and end when its parent does, even if that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent's end, then end at once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
