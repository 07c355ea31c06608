"""The commands of the guides are run as their readers run them: in Norwegian."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def in_norwegian():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BERGEN_HBT_LANG")
        yield
