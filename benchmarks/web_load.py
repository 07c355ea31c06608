"""The server under load beside the stock one: clients in processes of their own, as many workers, one after the other.

    python benchmarks/web_load.py [SECONDS]

Each line: requests a second and the 99th percentile of both, and the ratio of the first, beside its goal. The
answers of both to the same request are compared first.
"""

import json
import multiprocessing
import socket
import statistics
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from web import request

WORKERS, PROCESSES = 2, 2
#: The ratio to the stock server's requests a second that is the goal, by clients and users.
GOALS = {(16, 2): 1.5, (16, 200): 3.5, (64, 2): 1.4, (64, 200): 3.3}
BIN = Path(sys.executable).parent
COMMANDS = {
    "ours": [BIN / "bergen-hbt", "serve", "--no-access-log"],
    "stock": [BIN / "openfisca", "serve", "--country-package", "openfisca_bergen_hbt"],
}


def client(port, body, until, times, faults):
    """Ask again and again; the server may close the connection, which is opened again."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            connection.request("POST", "/calculate", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            (times if answer.status == 200 else faults).append(time.monotonic() - begun)
        except OSError:
            faults.append(time.monotonic() - begun)
            connection.close()
    connection.close()


def clients(port, body, seconds, number, told):
    """Be so many clients, and tell how long each answer took, and how many failed."""
    times, faults, until = [], [], time.monotonic() + seconds
    threads = [threading.Thread(target=client, args=(port, body, until, times, faults)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.put((times, len(faults)))


def loaded(port, body, number, seconds):
    """Return requests a second, the 99th percentile in milliseconds, and how many failed."""
    told = multiprocessing.Queue()
    arguments = (port, body, seconds, number // PROCESSES, told)
    processes = [multiprocessing.Process(target=clients, args=arguments) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [told.get() for _ in processes]
    for process in processes:
        process.join()
    times = [one for times, _ in found for one in times]
    return len(times) / seconds, 1000 * statistics.quantiles(times, n=100)[98], sum(faults for _, faults in found)


def answer(port, body):
    """Return the answer of a server, which may still be starting."""
    for _ in range(300):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/calculate", body, {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("the server did not start")


def main():
    """Measure, and print a line for each number of clients and users."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    servers, ports = [], {}
    for name, command in COMMANDS.items():
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports[name] = free.getsockname()[1]
        options = ["--port", str(ports[name]), "--workers", str(WORKERS)]
        servers.append(subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL))
    try:
        print("clients users   ours/s  stock/s  ratio  goal   ours p99  stock p99 ms  failed")
        for (number, users), goal in GOALS.items():
            body = request(users)
            own, stock = (answer(ports[name], body) for name in COMMANDS)
            own.pop("regulation")  # which the stock server does not say
            if own != stock:
                raise SystemExit("the answers differ")
            (own, own_99, own_failed), (stock, stock_99, stock_failed) = (
                loaded(ports[name], body, number, seconds) for name in COMMANDS
            )
            print(
                f"{number:>7} {users:>5} {own:>8.1f} {stock:>8.1f} {own / stock:>6.2f} {goal:>5}"
                f" {own_99:>10.0f} {stock_99:>13.0f}  {own_failed} and {stock_failed}",
                flush=True,
            )
    finally:
        for server in servers:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
