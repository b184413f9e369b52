"""Sentence alignment: evidence for candidate beads, a lattice over them, a trained model."""
