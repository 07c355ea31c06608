"""Where the package's parts lie: its rooms in a folder of its name, the regulation at the front door."""

from setuptools import find_packages, setup

PACKAGE = "openfisca_bergen_hbt"
#: The regulation's own folders, and what is shipped beside it: in the repository's root, where readers look first.
FRONT_DOOR = ("parameters", "variables", "reforms", "readings", "proposals")

setup(
    packages=[*find_packages(include=[PACKAGE, f"{PACKAGE}.*"]), *(f"{PACKAGE}.{name}" for name in FRONT_DOOR)],
    package_dir={f"{PACKAGE}.{name}": name for name in FRONT_DOOR},
)
