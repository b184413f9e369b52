"""Strings in, spans and values out: one concern a file, no document types."""
