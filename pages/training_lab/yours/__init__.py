"""What a visitor has trained: cards that lead to the runs."""

from pages.training_lab.yours.cards import draw

__all__ = ["draw"]
