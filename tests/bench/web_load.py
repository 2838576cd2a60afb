"""How the web app answers look-ups under load: `glossary serve` in some processes, over a store of 100,000 entries.

    python -m tests.bench.web_load big.db --workers 2 --rate 300 --seconds 20
    python -m tests.bench.web_load big.db --path /api/v1/lookup --repeats 0.5

Requests are sent at fixed moments, whether or not earlier ones were answered, and each is timed from its moment, so a
server that falls behind shows it. The processes are asked in turn, as a proxy in front of them would. `--repeats` is
the share of requests for what was asked before (while people type, beginnings come again); the others are new. The
load is made on the same machine and takes processor time too; what it took is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import quote

from glossary.store import open_store
from tests.bench.search_speed import KINDS, SEED, fill, terms

MIX = {
    "exact, Simplified": 4, "exact, Traditional": 2, "exact, English": 4, "plural": 1, "prefix, 2 Han": 3,
    "prefix, 5 letters": 3, "inside, 2 Han": 1, "pinyin": 1, "fuzzy, Chinese": 0.5, "fuzzy, English": 0.5,
}  # fmt: skip
"""Kinds of queries and their weights: chosen, half of them whole terms and a third of them beginnings; not measured."""

CONNECTIONS = 16
"""Kept open to each process."""


@dataclass
class Outcome:
    """What the requests took, in ms."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    failed: int = 0

    def at(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def queries(repeats: float, count: int = 100_000) -> Iterator[str]:
    """Queries without end, the same each time."""
    chance = random.Random(SEED)
    pairs = [p for p in islice(terms(count), count) if min(map(len, p)) > 2]
    asked: list[str] = []
    kinds, weights = list(MIX), list(MIX.values())
    while True:
        if asked and chance.random() < repeats:
            yield chance.choice(asked[-500:])
            continue
        side, ask = KINDS[chance.choices(kinds, weights)[0]]
        asked.append(ask(chance.choice(pairs)[side], chance))
        yield asked[-1]


@contextmanager
def server(store: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port of a `glossary serve` of its own."""
    command = [sys.executable, "-m", "glossary", "serve", "--store", store, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            while not (found := re.search(r"on http://\S+:(\d+)/", process.stderr.readline())):
                assert process.poll() is None
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
            yield int(found[1]), process
            process.terminate()
            process.wait(20)
            drain.wait(20)
        finally:
            process.kill()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, typed: bool) -> tuple[int, int]:
    """Status and size of an answer."""
    more = "HX-Request: true\r\n" if typed else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n{more}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    size = int(length[1]) if length else 0
    await reader.readexactly(size)
    return int(head[9:12]), size


async def run(ports: list[int], path: str, asked: Iterator[str], rate: float, seconds: float, typed: bool) -> Outcome:
    """Asks at a rate for some seconds."""
    outcome, idle = Outcome(), asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
    for _ in range(CONNECTIONS):
        for port in ports:
            idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(query: str, due: float) -> None:
        reader, writer = await idle.get()
        try:
            status, size = await ask(reader, writer, f"{path}?q={quote(query)}", typed)
        except (OSError, EOFError):
            outcome.failed += 1
            return
        idle.put_nowait((reader, writer))
        outcome.times.append(1000 * (time.perf_counter() - due))
        outcome.sizes.append(size)
        outcome.failed += status != 200

    begin, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        due = begin + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        tasks.append(asyncio.create_task(one(next(asked), due)))
    await asyncio.gather(*tasks)
    return outcome


def cpu_of(process: subprocess.Popen[str]) -> float:
    """Seconds of processor time a process has taken (Linux)."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        own, system = file.read().rsplit(")", 1)[1].split()[11:13]
    return (int(own) + int(system)) / 100


def load(store: str, *, workers: int, rate: float, seconds: float, path: str, repeats: float, typed: bool) -> str:
    """A line of figures."""
    asked = queries(repeats)
    with ExitStack() as stack:
        servers = [stack.enter_context(server(store)) for _ in range(workers)]
        ports = [port for port, _ in servers]
        for port in ports:  # first ones fill caches, and the annotator is made in the background
            with socket.create_connection(("127.0.0.1", port)):
                asyncio.run(run([port], path, asked, 20, 3, typed))
        quiet(servers)
        before, own = sum(cpu_of(p) for _, p in servers), time.process_time()
        found = asyncio.run(run(ports, path, asked, rate, seconds, typed))
        spent, own = sum(cpu_of(p) for _, p in servers) - before, time.process_time() - own
    count = len(found.times)
    shares = "  ".join(f"p{share:.0%} {found.at(share):.1f}".replace("%", "") for share in (0.5, 0.95, 0.99))
    what = f"{path}{' typed' if typed else ''}, {workers} workers, {rate:.0f}/s, repeats {repeats:.0%}"
    return (
        f"{what}: {shares} ms, failed {found.failed}, CPU {1000 * spent / count:.2f} ms a request "
        f"(the load {1000 * own / count:.2f}), "
        f"largest {max(found.sizes) / 1000:.0f} kB"
    )


def quiet(servers: list[tuple[int, subprocess.Popen[str]]], seconds: float = 90) -> None:
    """Waits until the servers have nothing to do."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        before = sum(cpu_of(p) for _, p in servers)
        time.sleep(1)
        if sum(cpu_of(p) for _, p in servers) - before < 0.1:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--path", default="/lookup")
    parser.add_argument("--repeats", type=float, default=0.0)
    parser.add_argument("--typed", action="store_true", help="as htmx asks while somebody types")
    options = parser.parse_args()
    with open_store(options.store) as store:
        if not store.count():
            fill(store, options.entries)
    print(load(options.store, workers=options.workers, rate=options.rate, seconds=options.seconds, path=options.path,
               repeats=options.repeats, typed=options.typed))  # fmt: skip


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    main()
