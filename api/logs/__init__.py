"""Logs of apps: read, and followed by many through one stream for each container."""
