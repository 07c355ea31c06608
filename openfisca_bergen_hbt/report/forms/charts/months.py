"""What a forecast says, drawn: the units' bands, the pool along the months, the next change, the reserve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OTHERS, OUTLINED, Chart, asked, axis, chart_of_rows
from openfisca_bergen_hbt.report.forms.charts.rows import height as tall
from openfisca_bergen_hbt.report.forms.charts.rows import lying, names, told_by_row, top
from openfisca_bergen_hbt.report.paper import MILLION, Cell, Table, written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say

#: The colours of what is left, and of what is not covered.
LEFT, SHORT = LIGHT_TO_DARK[1], "#b35900"
#: What an upright axis takes of the width, in pixels.
BESIDE = 48
#: How tall a chart along time is, in pixels.
HIGH = 220
#: How many units a chart holds: those that are given most.
MOST = 24


def unit_ranges(table: Table, width: int) -> Chart | None:
    """Draw the band of what each unit is given, with a mark for the expected path."""
    rows = sorted(table.rows[:-1], key=lambda row: -_number(row[1]))[:MOST]
    points: list[dict[str, Any]] = [
        {"navn": str(row[0]), "er": _number(row[1]), "fra": _number(row[2]), "til": _number(row[3]), "y": top(place)}
        for place, row in enumerate(rows)
    ]
    if not points:
        return None
    reach = axis(points, "fra", "til", from_zero=False)
    scale = altair.Scale(domain=_room(points), nice=False, zero=False)
    base = chart_of_rows([{**point, "bunn": point["y"] + 11} for point in points], width, tall(len(points)))
    along = altair.X("fra:Q", title=say("millioner kroner (begynner ikke på 0)"), axis=reach, scale=scale)
    y = altair.Y("y:Q", scale=None, axis=None)
    bands = base.mark_bar(**OUTLINED, color=LIGHT_TO_DARK[0]).encode(x=along, x2="til:Q", y=y, y2="bunn:Q")
    marks = base.mark_rule(strokeWidth=3).encode(x=altair.X("er:Q", scale=scale), y=y, y2="bunn:Q")
    words = [", ".join(written(row[place], table.columns[place]) for place in range(4)) for row in rows]
    named = names([(str(row[0]), _said(row)) for row in rows], width)
    told = told_by_row([{"ord": _told(row)} for row in rows], width)
    whole = altair.layer(bands, marks, named, told)
    return Chart(table.title, say("Ventet, fra og til: {figures}.").format(figures="; ".join(words)), whole, "", width)


def along_time(table: Table, width: int, colour: str = LEFT) -> Chart | None:
    """Draw an amount month by month, or year by year, with its band; not for a single one."""
    points: list[dict[str, Any]] = [
        {"når": _when(row), "er": _number(row[1]), "fra": _number(row[2]), "til": _number(row[3]), "ord": _told(row)}
        for row in table.rows
    ]
    in_kroner = table.columns[1].kind == "kr"
    months = altair.X("når:N", title=None, sort=None, axis=altair.Axis(labelAngle=0))
    up = altair.Y(
        "fra:Q",
        title=say("millioner kroner") if in_kroner else say("millioner timer"),
        axis=axis(points, "fra", "til", "er"),
    )
    base = chart_of_rows(points, width - BESIDE, HIGH)
    bands = base.mark_area(opacity=0.35, color=colour).encode(x=months, y=up, y2="til:Q")
    lines = base.mark_line(strokeWidth=2.5, point={"color": colour}, color=colour).encode(x=months, y="er:Q")
    words = [f"{row[0]} {', '.join(written(row[n], table.columns[n]) for n in (1, 2, 3))}" for row in table.rows]
    told = asked.areas(base, x=months, y=altair.value(0), y2=altair.value(HIGH))
    whole = altair.layer(bands, lines, told)
    return Chart(
        table.title, say("Ventet, fra og til: {figures}.").format(figures="; ".join(words)), whole, "", width - BESIDE
    )


def next_change(table: Table, width: int) -> Chart | None:
    """Draw the change in the mix of users month by month beside what makes it material; not where it is held back."""
    if any(row[1] is None for row in table.rows):
        return None
    rows = [
        {
            "navn": str(row[0]),
            "verdi": 100 * float(row[1] or 0),
            "farge": SHORT if float(row[1] or 0) >= float(row[2] or 0) else LEFT,
            "sagt": f"{written(row[1], table.columns[1])}{f' · {row[3]}' if row[3] else ''}",
        }
        for row in table.rows
    ]
    limit = {"navn": say("Terskel"), "verdi": 100 * float(table.rows[0][2] or 0), "farge": OTHERS}
    limit["sagt"] = written(table.rows[0][2], table.columns[2])
    drawn = lying([limit, *rows], width, say("endring i prosent"))
    words = [f"{row[0]} {written(row[1], table.columns[1])}, {row[3] or say('ikke sett')}" for row in table.rows]
    title = say("{title}, og hvor ofte den først når terskelen").format(title=table.title)
    return Chart(title, f"{say('Terskel {limit}').format(limit=limit['sagt'])}. {'; '.join(words)}.", drawn, "", width)


def reserve(table: Table, width: int) -> Chart | None:
    """Draw what was set aside and what is left; of the first etater, and not where a balance is held back."""
    if any(row[2] is None for row in table.rows):
        return None
    rows = [
        {
            "navn": f"{row[0]}: {what}",
            "verdi": _number(row[place]),
            "farge": colour,
            "sagt": written(row[place], table.columns[place]),
        }
        for row in table.rows[: MOST // 2]
        for what, place, colour in ((say("avsatt"), 1, LIGHT_TO_DARK[0]), (say("saldo"), 2, LIGHT_TO_DARK[2]))
    ]
    words = [f"{row['navn']} {row['sagt']} kr" for row in rows]
    return (
        Chart(table.title, f"{'; '.join(words)}.", lying(rows, width, say("millioner kroner")), "", width)
        if rows
        else None
    )


def waterfall(table: Table, width: int) -> Chart | None:
    """Draw the way from the frame to the cost; not where a step of it is held back."""
    if any(row[1] is None for row in table.rows):
        return None
    reached = 0.0
    bars: list[dict[str, Any]] = []
    for place, (name, amount) in enumerate(table.rows):
        value, ends = _number(amount), place in (0, len(table.rows) - 1)
        start = value if ends else reached
        reached = value if ends else reached + value
        colour = LIGHT_TO_DARK[2] if ends else SHORT if value > 0 else LEFT
        said = (numbers.whole if ends else numbers.signed)(float(amount or 0))
        bars.append(
            {
                "navn": str(name),
                "fra": start,
                "til": reached,
                "sagt": said,
                "farge": colour,
                "y": top(place),
                "hel": ends,
            }
        )
    spans = [bar for bar in bars if not bar["hel"]]
    ends_at = [bar for bar in bars if bar["hel"]]
    reach = axis(bars, "fra", "til", from_zero=False)
    scale = altair.Scale(domain=_room(bars), nice=False, zero=False)
    along = altair.X("fra:Q", title=say("millioner kroner (begynner ikke på 0)"), axis=reach, scale=scale)
    y = altair.Y("y:Q", scale=None, axis=None)
    high = tall(len(bars))

    def placed(rows: Sequence[dict[str, Any]]) -> Any:
        return chart_of_rows([{**row, "bunn": row["y"] + 11} for row in rows], width, high)

    steps = (
        placed(spans)
        .mark_bar(**OUTLINED)
        .encode(x=along, x2="til:Q", y=y, y2="bunn:Q", color=altair.Color("farge:N", scale=None))
    )
    marks = placed(ends_at).mark_rule(strokeWidth=4).encode(x=along, y=y, y2="bunn:Q")
    words = [f"{bar['navn']} {bar['sagt']}" for bar in bars]
    named = names([(bar["navn"], bar["sagt"]) for bar in bars], width)
    told = told_by_row([{"ord": f"{said} kr"} for said in words], width)
    return Chart(table.title, f"{'; '.join(words)} kr.", altair.layer(steps, marks, named, told), "", width)


def _room(rows: Sequence[dict[str, Any]]) -> list[float]:
    ends = [float(row[end]) for row in rows for end in ("fra", "til")]
    room = (max(ends) - min(ends) or 1.0) * 0.06
    return [min(ends) - room, max(ends) + room]


def _said(row: Sequence[Cell]) -> str:
    low, high = (numbers.one_decimal(_number(row[place])) for place in (2, 3))
    middle = numbers.one_decimal(_number(row[1]))
    return f"{middle} {say('mill.')}" if low == high else f"{middle} ({low}–{high}) {say('mill.')}"


def _told(row: Sequence[Cell]) -> str:
    """Return an expected amount in words, with its band."""
    middle, low, high = (numbers.one_decimal(_number(row[place])) for place in (1, 2, 3))
    return say("{name}: ventet {middle} millioner, spenn {low} til {high}").format(
        name=row[0], middle=middle, low=low, high=high
    )


def _when(row: Sequence[Cell]) -> str:
    """Return a month in three letters; a year as it is."""
    return str(row[0]) if str(row[0]).isdigit() else str(row[0])[:3]


def _number(cell: Cell) -> float:
    return float(cell or 0) / MILLION
