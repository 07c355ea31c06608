"""Records of version 0.4.0 and earlier, in format 1, which said of the request what is in several places there."""

from __future__ import annotations

from typing import Any

#: What both formats hold alike.
KEPT = ("command", "regulations", "law", "software", "date", "result")


def upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """Return a record of format 1 in format 2; what it lacks is left out, and is for who reads it to miss."""
    inputs = dict(content["inputs"]) if isinstance(content.get("inputs"), dict) else {}
    found = {"format": 2, **{key: content[key] for key in KEPT if key in content}}
    if content.get("command") == "audit":
        return {**found, "inputs": inputs}
    options = dict(content.get("question", {}))
    if "member" in options:
        options["id"] = options.pop("member")
    request = {
        "question": content.get("command"),
        "options": options,
        "population": inputs.pop("example", None),
        **inputs.pop("files", {}),
        **{key: content[key] for key in ("year", "suppression") if key in content},
    }
    return {**found, "request": request, "inputs": inputs}
