"""Draw the figures of docs/performance.md: python docs/performance.py."""

import re
from pathlib import Path

import altair
import vl_convert

PAGE = Path(__file__).with_suffix(".md")
#: A line of the benchmarks: what is measured, our time and the other's, their ratio, and the goal.
MEASURED = re.compile(
    r"^(?P<what>\S(?:(?! {2}).)*|\s+the same .*?|\s+\d+) {2,}[\d.]+ +[\d.]+ +(?P<ratio>[\d.]+) +(?P<goal>[\d.]+)$",
    re.MULTILINE,
)
#: The ways of a table by the number of users, in its heading, and the milliseconds of each in a line of it.
WAYS = re.compile(
    r"^ms, processor time on one core +(?P<ways>\S.*)\n(?P<lines>(?:.* users  .*\n|  .*\n)+)", re.MULTILINE
)
USERS = re.compile(r"^(?P<users>\d[\d ]*) users  +(?P<ms>[\d. ]+)$", re.MULTILINE)


def figures(text: str) -> list[dict[str, object]]:
    """Return what the page's tables say, in order."""
    rows: list[dict[str, object]] = []
    for number, found in enumerate(MEASURED.finditer(text)):
        what = found["what"].strip()
        if what.isdigit():
            what = f"{int(what):,} users by the API / the stock server".replace(",", " ")
        elif what.startswith("the same"):
            what = f"{rows[-1]['what']}".split(" / ")[0] + f" {what.removeprefix('the same').strip()}"
        rows.append({"what": what, "ratio": float(found["ratio"]), "goal": float(found["goal"]), "order": number})
    return rows


def sizes(text: str) -> list[dict[str, object]]:
    """Return the processor time on one core by way and number of users."""
    table = WAYS.search(text)
    if table is None:
        raise ValueError(f"{PAGE.name} has no table of times by the number of users.")
    return [
        {"way": way, "users": int(line["users"].replace(" ", "")), "ms": float(ms)}
        for line in USERS.finditer(table["lines"])
        for way, ms in zip(table["ways"].split(), line["ms"].split(), strict=True)
        if float(ms)
    ]


def by_size(text: str) -> str:
    """Return the picture of how time grows with users: a line for each way, both axes by powers of ten."""
    chart = (
        altair.Chart(altair.Data(values=sizes(text)), width=520, height=300)
        .mark_line(point=True)
        .encode(
            x=altair.X("users:Q", scale=altair.Scale(type="log"), title="users"),
            y=altair.Y("ms:Q", scale=altair.Scale(type="log"), title="processor time on one core, ms"),
            color=altair.Color("way:N", sort=None, title=None),
        )
        .properties(background="white", title="The whole law (ours, textbook) and stage 1 alone (the others)")
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def drawn(text: str) -> str:
    """Return the picture of ratios: a bar for each ratio, a mark for its goal."""
    base = altair.Chart(altair.Data(values=figures(text)), width=420, height=altair.Step(22)).encode(
        y=altair.Y("what:N", sort=altair.SortField("order"), title=None, axis=altair.Axis(labelLimit=520))
    )
    ratio = altair.X("ratio:Q", title="our time / the other's: below 1 is faster")
    bars = base.mark_bar(color="#1f5c99", height=12).encode(x=ratio)
    goals = base.mark_tick(color="#b3261e", thickness=3, size=18).encode(x="goal:Q")
    chart = (bars + goals).properties(background="white", title="How long it takes (bar), and the goal (mark)")
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.with_suffix(".svg").write_text(drawn(page), encoding="utf-8")
    PAGE.with_name("performance-sizes.svg").write_text(by_size(page), encoding="utf-8")
