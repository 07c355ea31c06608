"""How many cases a fuzz tries: 500 in the gate, and as many as ``FUZZ`` says in the nightly form (``.ci/nightly``)."""

import os

CASES = int(os.environ.get("FUZZ", "500"))
