"""Cutting running text into the segments of a reference: tokens, boundaries, corridor, lattice, evidence, model."""
