"""Two hundred thousand mixed requests, and the workers' memory is flat (in ``.ci/nightly``, which says how many)."""

import http.client
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.test_workers import JSON, children, situation, started

REQUESTS = int(os.environ.get("SOAK_REQUESTS", "0"))
CLIENTS = 4
#: How much a worker may grow in all that comes after the first quarter, in bytes.
MOST_GROWTH = 24 * 2**20
pytestmark = pytest.mark.skipif(not REQUESTS, reason="a soak takes long: .ci/nightly")


def request(number):
    """Return the method, route, body and expected status of one of the mixed requests."""
    asked, share = situation(number % 1000), (number % 1000) / 10000 + 0.01
    changes = [{"parameter": "reserve.andel", "from": "2019-01-01", "value": share}]
    rare = [
        ("GET", f"/?tall.reserve.andel={share:.4f}", None, 200),
        ("POST", "/compare", {"regulations": ["2018-06", "2019-06"], "year": 2019}, 200),
        *[("POST", "/trace", asked, 200)] * 2,
        *[("POST", "/calculate", {"brukere": {"a": {"ukjent": {"2019": number}}}}, 404)] * 3,
        *[("POST", "/calculate", [number], 400)] * 2,
        *[("GET", "/variables", None, 200)] * 2,
        *[("GET", f"/finnes/ikke/{number}", None, 404)] * 2,
        *[("POST", "/calculate", {**asked, "changes": changes}, 200)] * 27,
    ]
    place = number % 200
    return rare[place] if place < len(rare) else ("POST", "/calculate", asked, 200)


def ask(port, numbers):
    """Send requests one after the other on one connection; return those answered otherwise than expected."""
    wrong, connection = [], http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in numbers:
        method, route, body, expected = request(number)
        try:
            connection.request(method, route, None if body is None else json.dumps(body), JSON)
            answer = connection.getresponse()
            answer.read()
        except http.client.RemoteDisconnected:  # a connection that was quiet too long
            connection.close()
            connection.request(method, route, None if body is None else json.dumps(body), JSON)
            answer = connection.getresponse()
            answer.read()
        if answer.status != expected:
            wrong.append((number, route, answer.status))
    connection.close()
    return wrong


def resident(pid):
    """Return how many bytes of its own and shared a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_memory_is_flat_over_many_requests(tmp_path):
    log = tmp_path / "log"
    with started(log, "--no-access-log") as (port, process), ThreadPoolExecutor(CLIENTS) as pool:
        quarters, before = [range(part * REQUESTS // 4, (part + 1) * REQUESTS // 4) for part in range(4)], {}
        for quarter in quarters:
            shares = [quarter[client::CLIENTS] for client in range(CLIENTS)]
            wrong = [found for each in pool.map(lambda share: ask(port, share), shares) for found in each]
            assert wrong == []
            held = {worker: resident(worker) for worker in children(process.pid)}
            before = before or held
        assert held.keys() == before.keys(), "a worker was replaced"
        grown = {worker: held[worker] - before[worker] for worker in held}
        assert max(grown.values()) < MOST_GROWTH, grown
    assert "replaced" not in log.read_text(encoding="utf-8")
