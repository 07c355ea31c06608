"""How many cases the seeded fuzzes try: 500 in the gate, as many as ``FUZZ_CASES`` says in ``.ci/nightly``."""

import os

CASES = int(os.environ.get("FUZZ_CASES", "500"))
