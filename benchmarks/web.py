"""The API beside the stock server, side by side in one run: the same requests, the same answers, p50 of each.

    python benchmarks/web.py

Both are called within the process, so that what is measured is reading, computing and writing, and not the network.
"""

import json
import random
import statistics
import time

from openfisca_web_api.app import create_app as create_stock

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

UNITS = 6
#: How often ours and the stock server are asked, by the number of users.
ROUNDS = {1: (200, 100), 100: (100, 50), 4000: (20, 3), 50_000: (3, 0)}
#: The ratio to the stock server that is the goal.
GOALS = {1: 1.25, 100: 0.32, 4000: 0.086}


def request(users):
    """Return a request as bytes: users with hours in units, and what each unit gets."""
    draw = random.Random(1)  # noqa: S311 (no secret)
    people = {f"b{n}": {"vurdert_timer_per_uke": {"2019": round(draw.uniform(0.5, 100), 2)}} for n in range(users)}
    names = list(people)
    units = {
        f"E{n}": {"brukere": names[n::UNITS], "enhet_samlet_tildeling": {"2019": None}}
        for n in range(min(UNITS, users))
    }
    agencies = {"T": {"brukere": names, "etat_budsjettramme": {"2019": 30_000_000}}}
    return json.dumps({"brukere": people, "enheter": units, "etater": agencies}).encode()


def asked(client, body, rounds):
    """Return the answer, and the median of how long it took, in milliseconds."""
    times, answer = [], None
    for _ in range(rounds):
        begun = time.perf_counter()
        answer = client.post("/calculate", data=body, content_type="application/json")
        times.append(time.perf_counter() - begun)
    return answer.json if answer else None, 1000 * statistics.median(times) if times else None


def page_update(client):
    """Return the median of an update of the page, each with another number, in milliseconds."""
    times = []
    for number in range(20):
        begun = time.perf_counter()
        answer = client.get(f"/?tall.reserve.andel=0.0{number + 21}", headers={"X-Del": "1"})
        times.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise SystemExit(answer.get_data(as_text=True))
    return 1000 * statistics.median(times)


def main():
    """Measure, and print a line for each size."""
    ours = create_app(Settings(access_log=False)).test_client()
    stock = create_stock(CountryTaxBenefitSystem()).test_client()
    print(f"{'users':>8} {'ours ms':>9} {'stock ms':>9} {'ratio':>7} {'goal':>6}")
    for users, (own_rounds, stock_rounds) in ROUNDS.items():
        body = request(users)
        own, own_ms = asked(ours, body, own_rounds)
        theirs, stock_ms = asked(stock, body, stock_rounds)
        if stock_ms is None:
            print(f"{users:>8} {own_ms:>9.1f}")
            continue
        own.pop("regulation")  # which the stock server does not say
        if own != theirs:
            raise SystemExit("the answers differ")
        print(f"{users:>8} {own_ms:>9.1f} {stock_ms:>9.1f} {own_ms / stock_ms:>7.3f} {GOALS[users]:>6}")
    print(f"an update of the page, 4 019 users: {page_update(ours):.0f} ms (goal 300)")


if __name__ == "__main__":
    main()
