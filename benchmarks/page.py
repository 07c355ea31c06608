"""The processor time of the analyst's page on one core: the first answer, the screen with its pictures, an update.

Run it on a machine at rest: ``python benchmarks/page.py``. A first screen is the page, its style sheet and script, and
the pictures beside the answer; an update is another value of a number on the 4 019 embedded users, and its pictures.
"""

import re
import statistics
import time

from openfisca_bergen_hbt.web.app import create_app

#: The goals, in milliseconds.
FIRST_BYTE, FIRST_SCREEN, UPDATE = 100, 300, 100
UPDATES = 12
OK = 200


def spent(client, *addresses, **headers):
    """Return the milliseconds of processor time that answers take, and the last answer."""
    start = time.process_time()
    for address in addresses:
        answer = client.get(address, headers=headers)
        if answer.status_code != OK:
            raise RuntimeError(answer.status)
    return (time.process_time() - start) * 1000, answer.get_data(as_text=True)


def pictures(page):
    """Return the addresses of the pictures that a browser of a desk loads."""
    return [address.replace("&amp;", "&") for address in re.findall(r'<img[^>]* src="([^"]+)"', page)]


def line(what, milliseconds, goal):
    """Print what something took, and its goal."""
    print(f"{what}: {milliseconds:.0f} ms (goal {goal})")


def main():
    """Measure a new process, the same again, and updates."""
    client = create_app().test_client()
    first, page = spent(client, "/")  # which a server asks itself before it listens
    line("the first answer of a new process", first, FIRST_BYTE)
    drawn, _ = spent(client, "/fil/page.css", "/fil/page.js", *pictures(page))
    line("  its first screen, with the pictures", first + drawn, FIRST_SCREEN)
    again, page = spent(client, "/")
    drawn, _ = spent(client, "/fil/page.css", "/fil/page.js", *pictures(page))
    line("the same answer again", again, FIRST_BYTE)
    line("  its first screen, with the pictures", again + drawn, FIRST_SCREEN)
    updates, images = [], []
    for number in range(UPDATES):
        took, part = spent(client, f"/?tall.reserve.andel={number + 1},5+%", **{"X-Del": "1"})
        updates.append(took)
        images.append(spent(client, *pictures(part))[0])
    line("an update (median)", statistics.median(updates), UPDATE)
    line("  its pictures (median)", statistics.median(images), FIRST_SCREEN)


if __name__ == "__main__":
    main()
