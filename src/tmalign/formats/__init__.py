"""Bytes to documents and units, and back: a file a format."""
