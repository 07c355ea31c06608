"""Options that are numbers."""

from __future__ import annotations

from typing import Any

import click

from openfisca_bergen_hbt.text.digits import NUMBER, WHOLE
from openfisca_bergen_hbt.text.language import _


def whole(low: int | None = None, high: int | None = None) -> click.ParamType[Any]:
    """Return the type of an option that is a whole number within bounds, if any."""
    unbounded = low is None and high is None
    return _plain(click.types.IntParamType() if unbounded else click.IntRange(low, high))


def number(low: float | None = None, high: float | None = None) -> click.ParamType[Any]:
    """Return the type of an option that is a number within bounds, if any."""
    unbounded = low is None and high is None
    return _plain(click.types.FloatParamType() if unbounded else click.FloatRange(low, high))


def _plain(kind: click.ParamType[Any]) -> click.ParamType[Any]:
    """Have a type of click's refuse what only Python takes for a number."""
    pattern, convert = WHOLE if isinstance(kind, click.types.IntParamType) else NUMBER, kind.convert

    def strictly(value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            of_whole, of_any = (
                _("'{text}' is not a whole number: write 12."),
                _("'{text}' is not a number: write 12000 or 0.05."),
            )
            kind.fail((of_whole if pattern is WHOLE else of_any).format(text=value), param, ctx)
        return convert(value, param, ctx)

    kind.convert = strictly  # type: ignore[method-assign] # a subclass would be needed for each of the four types
    return kind
