"""Endurance, outside ``make test``: one command each; docs/server.md lists them with figures."""
