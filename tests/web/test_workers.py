"""Several workers on one socket: at once, replaced when they end, never mixed, and not held up by silent callers."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openfisca_bergen_hbt.web import workers
from openfisca_bergen_hbt.web.api.turns import Turn
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

PROGRAM = Path(sys.executable).parent / "bergen-hbt"
JSON = {"Content-Type": "application/json"}
pytestmark = pytest.mark.skipif(not workers.possible(), reason="no fork here")


@contextlib.contextmanager
def started(log, *options):
    """Yield the port and the process of a server with two workers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [PROGRAM, "serve", "--port", str(port), "--workers", "2", *options]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    until = time.monotonic() + 60
    while len(children(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield port, process
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def server(log):
    with started(log) as found:
        yield found


def children(parent):
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def refused(port):
    """Return whether nobody listens."""
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return False
    return True


def awaited(condition, seconds=20):
    """Return whether something comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def post(port, body, route="/calculate"):
    """Return the status and the body of an answer, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", route, json.dumps(body), JSON)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def seconds(port):
    """Return how long an answer took that others should not hold up."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - begun


def situation(number):
    """Return a request that nobody else sends."""
    people = {f"b{number}_{n}": {"vurdert_timer_per_uke": {"2019": 1 + (number * 7 + n * 13) % 90}} for n in range(4)}
    names = list(people)
    units = {
        f"E{number}": {"brukere": names[:2], "enhet_samlet_tildeling": {"2019": None}},
        "F": {"brukere": names[2:], "enhet_samlet_tildeling": {"2019": None}},
    }
    agencies = {"T": {"brukere": names, "etat_budsjettramme": {"2019": 1_000_000 + number}}}
    return {"brukere": people, "enheter": units, "etater": agencies}


def long_one(users=90_000):
    people = {f"b{n}": {"vurdert_timer_per_uke": {"2019": 1 + n % 90}} for n in range(users)}
    names = list(people)
    units = {f"E{n}": {"brukere": names[n::6], "enhet_samlet_tildeling": {"2019": None}} for n in range(6)}
    return {
        "brukere": people,
        "enheter": units,
        "etater": {"T": {"brukere": names, "etat_budsjettramme": {"2019": 10**9}}},
    }


def told(port, language):
    """Return what a program is told of a variable that there is none of, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/variable/tull", headers={"Accept-Language": language} if language else {})
        return json.loads(connection.getresponse().read())["error"]
    finally:
        connection.close()


def test_each_request_is_answered_in_its_language(server):
    port, _ = server
    english, norwegian = "There is no variable 'tull'.", "Det finnes ingen variabel «tull»."
    asked = ["nb", "", "en", "nb-NO", ""] * 8
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda language: told(port, language), asked))
    assert answers == [norwegian if language.startswith("nb") else english for language in asked]


def test_one_answers_while_the_other_works(server):
    port, _ = server
    ended = []
    body = long_one()
    taken = []
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(lambda: ended.append(post(port, body)[0]))
        while not working.done():
            taken.append(seconds(port))
    assert ended == [200]
    assert len(taken) > 2
    assert max(taken) < max(1, (time.monotonic() - began) / 2)  # a machine at its limit answers all more slowly


def test_answers_never_mix(server):
    port, _ = server
    alone = create_app(Settings(access_log=False)).test_client()
    numbers = list(range(60))
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda number: post(port, situation(number)), numbers))
    for number, (status, content) in zip(numbers, came, strict=True):
        expected = alone.post("/calculate", json=situation(number))
        assert (status, content) == (200, expected.get_data())


def test_a_sent_table_is_read_in_each(server):
    """What reads tables has threads of its own, which a fork does not take along."""
    port, process = server
    users = {"enhet": ["A", "B", "C"], "timer_per_uke": [5, 6, 7]}
    body = {"users": users, "year": 2019, "frames": {"2019": 1_000_000}, "regulations": ["2018-06", "2019-06"]}
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda _: post(port, body, "/compare"), range(8)))
    assert {status for status, _ in came} == {200}, came[0]
    assert len(children(process.pid)) == 2


def test_one_that_is_killed_is_replaced_while_a_client_goes_on(server):
    port, process = server
    answered, lost, over = [], [], threading.Event()

    def goes_on():
        while not over.is_set():
            try:
                answered.append(post(port, situation(1))[0])
            except (OSError, http.client.HTTPException):  # what the killed one was at
                lost.append(1)

    client = threading.Thread(target=goes_on)
    client.start()
    first = set(children(process.pid))
    os.kill(min(first), signal.SIGKILL)
    assert awaited(lambda: len(set(children(process.pid)) - {min(first)}) == 2)
    before = len(answered)
    assert awaited(lambda: len(answered) > before + 20)
    over.set()
    client.join()
    assert set(answered) == {200}
    assert len(lost) <= 1


def test_one_that_is_asked_to_end_loses_no_answer(server):
    port, process = server
    first = children(process.pid)
    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(post, port, long_one(4_000)) for _ in range(4)]
        time.sleep(0.2)
        for worker in first:
            os.kill(worker, signal.SIGTERM)
        assert [one.result()[0] for one in working] == [200] * 4
    assert awaited(lambda: len(children(process.pid)) == 2 and not set(children(process.pid)) & set(first))


def test_one_that_grows_is_replaced_without_a_lost_answer(tmp_path):
    with started(tmp_path / "log", "--worker-memory", "16") as (port, process):
        first = children(process.pid)
        statuses = [post(port, long_one(60_000))[0] for _ in range(2)]
        assert statuses == [200, 200]
        assert awaited(lambda: set(children(process.pid)) - set(first))
        assert [post(port, situation(n))[0] for n in range(10)] == [200] * 10
    assert '"ended": 0, "replaced": true' in (tmp_path / "log").read_text()


@pytest.mark.parametrize("how_many", [20, 1000])
def test_silent_callers_hold_nobody_up(how_many, server):
    port, _ = server
    half = (
        b"POST /calculate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    )
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1200:
        if hard != resource.RLIM_INFINITY and hard < 1200:
            pytest.skip("so many files can't be open here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (1200, hard))
    with contextlib.ExitStack() as waiting:
        for _ in range(how_many):
            caller = waiting.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            if how_many == 20:
                caller.sendall(half)
        assert max(seconds(port) for _ in range(10)) < 1
        assert post(port, situation(3))[0] == 200


def test_a_body_sent_byte_by_byte_and_a_caller_who_leaves(server):
    port, _ = server
    body = json.dumps(situation(5)).encode()
    with socket.create_connection(("127.0.0.1", port)) as leaves:
        leaves.sendall(b"POST /calculate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(
            b"POST /calculate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        for place in range(len(body)):
            slow.sendall(body[place : place + 1])
            if place % 200 == 0:
                assert seconds(port) < 1
        assert slow.recv(100).startswith(b"HTTP/1.1 200")


def test_lines_of_the_log_are_whole(server, log):
    port, _ = server
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: seconds(port), range(100)))
    lines = log.read_text(encoding="utf-8").splitlines()[1:]
    lines = [line for line in lines if not line.startswith("total open connections ")]  # waitress, of 1 000 of them
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert sum('"/health"' in line for line in lines) >= 100


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_with_the_one_that_began_them(how, tmp_path):
    with started(tmp_path / "log") as (port, process):
        workers_of_it = children(process.pid)
        silent = socket.create_connection(("127.0.0.1", port))
        process.send_signal(how)
        assert process.wait(timeout=30) == (-9 if how == signal.SIGKILL else 0)
        assert awaited(lambda: not any(map(alive, workers_of_it)))
        assert awaited(lambda: refused(port))
        silent.close()
        process.returncode = 0  # it has been asked
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_turn_is_one_in_all_processes_and_given_back_by_who_dies():
    turn = Turn()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.write(tell, b"1" if turn.acquire() else b"0")
        time.sleep(60)
        os._exit(0)
    assert os.read(told, 1) == b"1"
    assert not turn.acquire()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert turn.acquire()
    assert not turn.acquire()
    turn.release()
    assert turn.acquire()
    turn.release()
