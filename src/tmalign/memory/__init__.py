"""The store: documents, alignments, units and human decisions in one SQLite file."""
