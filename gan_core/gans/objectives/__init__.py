"""Objectives: what each network descends."""

from gan_core.gans.objectives.cross_entropy import *  # noqa: F403
