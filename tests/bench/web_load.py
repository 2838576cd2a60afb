"""How the web app answers look-ups under load: `glossary serve` in some processes, over a store of 100,000 entries.

    python -m tests.bench.web_load big.db --mix typing --rate 300
    python -m tests.bench.web_load big.db --mix distinct --path /api/v1/lookup --seconds 20

Two mixes, so that nobody takes the one for the other:

- `distinct`: no query comes twice; whole terms, beginnings, pieces, readings and misspelt ones as in `MIX`. Nothing is
  answered from what was kept: the hardest load there is.
- `typing`: people type terms, and the page asks for each beginning, as it does for somebody who stops 120 ms after each
  letter (Latin) or each second character (Chinese, put in a word at a time). Every term of the glossary is as likely as
  every other, which is harder than life; what comes again are the beginnings that terms share. The share of queries
  that were asked before is counted and printed; nothing sets it.

Requests are sent at fixed moments, whether or not earlier ones were answered, and each is timed from its moment, so a
server that falls behind shows it. The processes are asked in turn, as a proxy in front of them would; each keeps
answers of its own. The load is made on the same machine and takes processor time too; what it took is printed.

Limits: terms are put together by chance and entries have no sentences, so answers are a little smaller than in life.
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
from collections.abc import Callable, Iterator
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

PEOPLE = 100
"""Who type at once: at 300 queries a second each of them one every third of a second, a quick typist."""

CONNECTIONS = 16
"""Kept open to each process."""


@dataclass
class Outcome:
    """What the requests took, in ms."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    failed: int = 0

    def at(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def distinct() -> Iterator[str]:
    """Queries without end, none twice, the same each time."""
    chance = random.Random(SEED)
    pairs = _pairs()
    asked: set[str] = set()
    kinds, weights = list(MIX), list(MIX.values())
    while True:
        side, ask = KINDS[chance.choices(kinds, weights)[0]]
        query = ask(chance.choice(pairs)[side], chance)
        if query not in asked:
            asked.add(query)
            yield query


def typing() -> Iterator[str]:
    """The beginnings of terms as they are typed, without end; several people type at once."""
    chance = random.Random(SEED)
    pairs = _pairs()

    def person() -> Iterator[str]:
        while True:
            term = chance.choice(chance.choice(pairs))
            step = 1 if term.isascii() else 2
            yield from (term[:end] for end in range(step, len(term), step))
            yield term

    people = [person() for _ in range(PEOPLE)]
    while True:
        for one in people:
            yield next(one)


MIXES: dict[str, Callable[[], Iterator[str]]] = {"distinct": distinct, "typing": typing}


def _pairs(count: int = 100_000) -> list[tuple[str, str]]:
    return [p for p in islice(terms(count), count) if min(map(len, p)) > 2]


def repeated(queries: list[str]) -> float:
    """The share of queries that came before, 0..1."""
    return 1 - len(set(queries)) / max(1, len(queries))


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
            writer.close()
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
        outcome.queries.append(next(asked))
        tasks.append(asyncio.create_task(one(outcome.queries[-1], due)))
    await asyncio.gather(*tasks)
    while not idle.empty():
        writer = idle.get_nowait()[1]
        writer.close()
        await writer.wait_closed()
    return outcome


def cpu_of(process: subprocess.Popen[str]) -> float:
    """Seconds of processor time a process has taken (Linux)."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        own, system = file.read().rsplit(")", 1)[1].split()[11:13]
    return (int(own) + int(system)) / 100


def load(store: str, *, mix: str, workers: int, rate: float, seconds: float, path: str, typed: bool) -> str:
    """A line of figures."""
    asked = MIXES[mix]()
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
    what = f"{mix} {path}{' part' if typed else ''}, {workers} workers, {rate:.0f}/s"
    what += f", asked before {repeated(found.queries):.0%}"
    return (
        f"{what}: {shares} ms, failed {found.failed}, CPU {1000 * spent / count:.2f} ms a request "
        f"(the load {1000 * own / count:.2f}), "
        f"largest {max(found.sizes) / 1000:.0f} kB"
    )


def quiet(servers: list[tuple[int, subprocess.Popen[str]]], seconds: float = 600) -> None:
    """Waits until the servers have nothing to do: an annotator over 100,000 entries takes half a minute to make."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        before = sum(cpu_of(p) for _, p in servers)
        time.sleep(2)
        if sum(cpu_of(p) for _, p in servers) - before < 0.1:
            return
    raise TimeoutError(f"the servers are still busy after {seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--path", default="/lookup")
    parser.add_argument("--mix", choices=sorted(MIXES), default="typing")
    parser.add_argument("--part", action="store_true", help="the results alone, as the page asks while somebody types")
    options = parser.parse_args()
    with open_store(options.store) as store:
        if not store.count():
            fill([store], options.entries)
    print(load(options.store, mix=options.mix, workers=options.workers, rate=options.rate, seconds=options.seconds,
               path=options.path, typed=options.part))  # fmt: skip


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    main()
