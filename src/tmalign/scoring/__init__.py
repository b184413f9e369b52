"""Scoring machine translation against the aligned references: metrics, intervals, terms and figures."""
