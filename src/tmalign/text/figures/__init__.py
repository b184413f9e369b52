"""Figures in running text: numbers, dates, times, money, as values that both languages share."""

from tmalign.text.figures.comparison import FigureComparison, compare
from tmalign.text.figures.figure import Figure, FigureKind
from tmalign.text.figures.reading import Reading, figures, readings

__all__ = ["Figure", "FigureComparison", "FigureKind", "Reading", "compare", "figures", "readings"]
