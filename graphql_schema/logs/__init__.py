"""Logs in the graph."""
