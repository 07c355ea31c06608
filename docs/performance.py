"""Draw the figures of docs/performance.md: python docs/performance.py."""

import re
from pathlib import Path

import altair
import vl_convert

PAGE = Path(__file__).with_suffix(".md")
#: A line of the benchmarks: what is measured, our time and the other's, their ratio, and the goal.
MEASURED = re.compile(
    r"^(?P<what>\S.*?|\s+the same .*?|\s+\d+) {2,}[\d.]+ +[\d.]+ +(?P<ratio>[\d.]+) +(?P<goal>[\d.]+)", re.MULTILINE
)


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


def drawn(text: str) -> str:
    """Return the picture: a bar for each ratio, a mark for its goal."""
    base = altair.Chart(altair.Data(values=figures(text)), width=420, height=altair.Step(22)).encode(
        y=altair.Y("what:N", sort=altair.SortField("order"), title=None, axis=altair.Axis(labelLimit=520))
    )
    ratio = altair.X("ratio:Q", title="our time / the other's: below 1 is faster")
    bars = base.mark_bar(color="#1f5c99", height=12).encode(x=ratio)
    goals = base.mark_tick(color="#b3261e", thickness=3, size=18).encode(x="goal:Q")
    chart = (bars + goals).properties(background="white", title="How long it takes (bar), and the goal (mark)")
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


if __name__ == "__main__":
    PAGE.with_suffix(".svg").write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
