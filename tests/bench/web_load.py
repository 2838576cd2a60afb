"""How the web app answers look-ups under load: `glossary serve` in some processes, over a store of 100,000 entries.

    python -m tests.bench.web_load big.db --mix typing --rate 300
    python -m tests.bench.web_load big.db --mix distinct --path /api/v1/lookup --seconds 20

Three mixes, so that nobody takes one for another:

- `distinct`: no query comes twice; whole terms, beginnings, pieces, readings and misspelt ones as in `MIX`. Nothing is
  answered from what was kept: the hardest load there is.
- `typing`: people type terms, and the page asks for each beginning, as it does for somebody who stops 120 ms after each
  letter (Latin) or each second character (Chinese, put in a word at a time). Every term of the glossary is as likely as
  every other, which is harder than life; what comes again are the beginnings that terms share. The share of queries
  that were asked before is counted and printed; nothing sets it.

Requests are sent at fixed moments, whether or not earlier ones were answered, and each is timed from its moment, so a
server that falls behind shows it. The processes are asked in turn, as a proxy in front of them would; each keeps
answers of its own. The load is made on the same machine and takes processor time too; what it took is printed, and
what other programs took meanwhile: where they take much, only the processor time of a request says something.

Limits: terms are put together by chance and entries have no sentences, so answers are a little smaller than in life.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, cycle, islice
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

FIRST = ("water", "区块链", "zhong guo", "watr pumq", "st", "水", "supply chains")
"""What is asked before anything is measured: of every kind one."""

STILL = 4
"""Times in a row, 2 s each, that servers do nothing before they count as ready: one that waits for a disk does nothing
either."""

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Outcome:
    """What the requests took, in ms."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    failed: int = 0
    own: float = 0.0
    """Processor seconds of the load itself."""

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
    return _typed(lambda: chance.choice(chance.choice(pairs)))


def zipf() -> Iterator[str]:
    """The same where some terms are asked for more than others: the one of rank r by 1/r of the chance of the first."""
    chance = random.Random(SEED)
    pairs = _pairs()
    weights = list(accumulate(1 / rank for rank in range(1, len(pairs) + 1)))
    return _typed(lambda: chance.choice(chance.choices(pairs, cum_weights=weights)[0]))


def _typed(choose: Callable[[], str]) -> Iterator[str]:
    """Terms that are chosen one after the other, typed by several people."""

    def person() -> Iterator[str]:
        while True:
            term = choose()
            step = 1 if term.isascii() else 2
            yield from (term[:end] for end in range(step, len(term), step))
            yield term

    people = [person() for _ in range(PEOPLE)]
    while True:
        for one in people:
            yield next(one)


MIXES: dict[str, Callable[[], Iterator[str]]] = {"distinct": distinct, "typing": typing, "zipf": zipf}


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


class Connection(asyncio.Protocol):
    """A connection that is kept open and answers one request at a time; streams of asyncio cost three times as much."""

    def __init__(self) -> None:
        self.seen = bytearray()
        self.answered: asyncio.Future[tuple[int, int]] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> asyncio.Future[tuple[int, int]]:
        """Status and size of the answer, when it has come whole."""
        assert self.transport is not None
        self.seen.clear()
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answered

    def data_received(self, received: bytes) -> None:
        self.seen += received
        end = self.seen.find(b"\r\n\r\n")
        length = _LENGTH.search(self.seen, 0, end) if end > 0 else None
        size = int(length[1]) if length else 0
        if end > 0 and len(self.seen) >= end + 4 + size and self.answered and not self.answered.done():
            self.answered.set_result((int(self.seen[9:12]), size))

    def connection_lost(self, error: Exception | None) -> None:
        if self.answered and not self.answered.done():
            self.answered.set_exception(error or EOFError())


def asking(path: str, query: str, typed: bool) -> bytes:
    """A request for the answers to a query."""
    more = "HX-Request: true\r\n" if typed else ""
    head = f"GET {path}?q={quote(query)} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n{more}\r\n"
    return head.encode()


async def run(ports: list[int], path: str, asked: Iterator[str], rate: float, seconds: float, typed: bool) -> Outcome:
    """Asks at a rate for some seconds; what is asked is drawn up before."""
    queries = list(islice(asked, int(rate * seconds)))
    requests = [asking(path, query, typed) for query in queries]
    outcome, idle, loop = Outcome(queries=queries), asyncio.Queue[Connection](), asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        for port in ports:
            idle.put_nowait((await loop.create_connection(Connection, "127.0.0.1", port))[1])

    async def one(request: bytes, due: float) -> None:
        connection = await idle.get()
        try:
            status, size = await connection.ask(request)
        except (OSError, EOFError):
            outcome.failed += 1
            return
        idle.put_nowait(connection)
        outcome.times.append(1000 * (time.perf_counter() - due))
        outcome.sizes.append(size)
        outcome.failed += status != 200

    begin, tasks, own = time.perf_counter(), [], time.process_time()
    for number, request in enumerate(requests):
        due = begin + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        tasks.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*tasks)
    outcome.own = time.process_time() - own
    while not idle.empty():
        transport = idle.get_nowait().transport
        assert transport is not None
        transport.close()
    await asyncio.sleep(0.05)  # the connections close
    return outcome


def cpu_of(process: subprocess.Popen[str]) -> float:
    """Seconds of processor time a process has taken (Linux)."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        own, system = file.read().rsplit(")", 1)[1].split()[11:13]
    return (int(own) + int(system)) / 100


Servers = list[tuple[int, subprocess.Popen[str]]]
"""Ports and processes."""


@contextmanager
def started(store: str, workers: int) -> Iterator[Servers]:
    """Servers of a store that have nothing left to make: annotators come in the background, caches at first use."""
    with ExitStack() as stack:
        servers = [stack.enter_context(server(store)) for _ in range(workers)]
        for port, _ in servers:
            for path, typed in (("/lookup", False), ("/lookup", True), ("/api/v1/lookup", False)):
                asyncio.run(run([port], path, cycle(FIRST), 20, 1, typed))
        quiet(servers)
        yield servers


def load(servers: Servers, asked: Iterator[str], *, rate: float, seconds: float, path: str, typed: bool) -> str:
    """A line of figures."""
    before, used = sum(cpu_of(p) for _, p in servers), used_cpu()
    began, own = time.perf_counter(), time.process_time()
    found = asyncio.run(run([port for port, _ in servers], path, asked, rate, seconds, typed))
    took, own = time.perf_counter() - began, time.process_time() - own
    spent = sum(cpu_of(p) for _, p in servers) - before
    others = (used_cpu() - used - spent - own) / took / (os.cpu_count() or 1)
    count = len(found.times)
    shares = "  ".join(f"p{share:.0%} {found.at(share):.1f}".replace("%", "") for share in (0.5, 0.95, 0.99))
    what = f"{path}{' part' if typed else ''}, {len(servers)} workers, {rate:.0f}/s"
    what += f", asked before {repeated(found.queries):.0%}"
    return (
        f"{what}: {shares} ms, failed {found.failed}, CPU {1000 * spent / count:.2f} ms a request "
        f"(the load {1000 * found.own / count:.2f}), other programs {others:.0%} of the processors, "
        f"largest {max(found.sizes) / 1000:.0f} kB"
    )


def used_cpu() -> float:
    """Seconds of processor time that this machine has spent on anything (Linux)."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _idle, _waiting, *rest = map(int, file.readline().split()[1:9])
    return (user + nice + system + sum(rest)) / 100


def quiet(servers: Servers, seconds: float = 600) -> None:
    """Waits until the servers have nothing to do: an annotator over 100,000 entries takes half a minute to make."""
    last, still = time.monotonic() + seconds, 0
    while time.monotonic() < last:
        before = sum(cpu_of(p) for _, p in servers)
        time.sleep(2)
        still = still + 1 if sum(cpu_of(p) for _, p in servers) - before < 0.1 else 0
        if still == STILL:
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
    with started(options.store, options.workers) as servers:
        asked = MIXES[options.mix]()
        figures = load(
            servers, asked, rate=options.rate, seconds=options.seconds, path=options.path, typed=options.part
        )
        print(f"{options.mix} {figures}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    main()
