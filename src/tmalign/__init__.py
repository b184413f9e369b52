"""Sentence alignment, translation memory and termbase toolkit for Japanese and English."""

__version__ = "0.1.0"
