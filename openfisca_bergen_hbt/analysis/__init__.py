"""Questions: what the regulation says, comes to, rests on, and why."""
