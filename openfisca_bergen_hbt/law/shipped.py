"""The proposals that the package ships."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.law.proposals import Proposal
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.text.strict_yaml import parse


@cache
def shipped_titles() -> frozenset[str]:
    """Return what the proposals that the package ships are called."""
    return frozenset(
        parse(path.read_text(encoding="utf-8"), path.name).fields["title"].text for path in shipped_proposals().values()
    )


def title_of(proposal: Proposal) -> str:
    """Return what a proposal is called: a shipped one in the language that is spoken, others as their authors say."""
    return say(proposal.title) if proposal.title in shipped_titles() else proposal.title


def shipped_proposals() -> dict[str, Path]:
    """Return the files of the proposals that the package ships, by name."""
    return {path.stem: path for path in sorted(folder("proposals").glob("*.yaml"))}
