"""The waiting room: what a visitor sees whose training waits for a place."""

from pages.training_lab.waiting.room import draw

__all__ = ["draw"]
