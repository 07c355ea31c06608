"""Draw the rooms and what each imports, as ``docs/rooms.svg``: ``python -m tests.house.picture``."""

import ast
import re

import altair
import vl_convert

from tests.house.rooms import MODULES, PACKAGE, ROOMS, ROOT, imported, room_of

PICTURE = ROOT / "docs" / "rooms.svg"


def purpose(room):
    """Return the first line of what a room says of itself."""
    path = ROOT.joinpath(PACKAGE, *room.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return re.split("[:;]", said.splitlines()[0].replace("`", ""))[0].rstrip(".")


def marks():
    """Return a row for each mark: the room that imports, the room imported from, and whether it is the room itself."""
    labels = {room: f"{room} · {purpose(room)}" for room in ROOMS}
    pairs = {
        (room_of(module), room_of(name)) for module, path in MODULES.items() if module for name, _ in imported(path)
    }
    pairs |= {(room, room) for room in ROOMS}
    return [{"room": labels[one], "imports": other, "own": one == other} for one, other in sorted(pairs)]


def drawn():
    """Return the picture: a row for each room, from the ground up, with a mark for each room that it imports from."""
    rows = marks()
    order = {row["imports"]: row["room"] for row in rows if row["own"]}
    chart = (
        altair.Chart(altair.Data(values=rows), width=altair.Step(24), height=altair.Step(20))
        .mark_square(size=140, opacity=1)
        .encode(
            x=altair.X(
                "imports:N",
                sort=list(ROOMS),
                title="imports from",
                axis=altair.Axis(orient="top", labelAngle=-60, grid=True),
            ),
            y=altair.Y(
                "room:N",
                sort=[order[room] for room in reversed(ROOMS)],
                title=None,
                axis=altair.Axis(labelLimit=520, grid=True),
            ),
            color=altair.condition("datum.own", altair.value("#c8c8c8"), altair.value("#1f5c99")),
        )
        .properties(background="white")
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def shown(picture):
    """Return what a picture shows: the label of each mark, however the library of the day draws it."""
    return sorted(re.findall(r'aria-label="(imports from: [^"]*)"', picture))


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
