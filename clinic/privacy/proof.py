"""Who somebody is, before they are given what is kept of them."""

PROVES_ITSELF = frozenset({"website", "cli"})
"""Channels where a secret of its visitor's opens a conversation: whoever writes there has shown whose it is. Elsewhere
a number may be lent, lost or somebody else's by now, and a person makes sure."""
