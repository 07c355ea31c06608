"""Legislative coverage beside one plain run of the same tests, in one process: at most 60 times its time is the goal.

Run it with ``python benchmarks/audit.py [PATH…]``; without paths it takes the project's own tests.
"""

import statistics
import sys
import time
from pathlib import Path

from openfisca_bergen_hbt.audit import coverage, session

ROOT = Path(__file__).parent.parent
GOAL = 60
ROUNDS = 5


def main():
    """Measure, and print the ratio."""
    paths = [Path(path) for path in sys.argv[1:]] or [ROOT / "tests" / "variables", ROOT / "tests" / "reforms"]
    ratios = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = session.audit(paths)
        plain = time.perf_counter() - begun
        begun = time.perf_counter()
        tried = coverage.survey(found).tried
        covered = time.perf_counter() - begun
        ratios.append(covered / plain)
    ratio = statistics.median(ratios)
    print(f"{found.total.tests} tests {1000 * plain:.0f} ms, {len(tried)} changes {1000 * covered:.0f} ms (last round)")
    print(f"coverage / one plain run: {ratio:.1f} (median of {ROUNDS}; goal {GOAL})")


if __name__ == "__main__":
    main()
