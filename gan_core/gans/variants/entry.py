"""Variant: what an entry of the table says of a GAN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gan_core.gans.architecture import Architecture
from gan_core.gans.priors import Prior
from gan_core.gans.recipes import Recipe


@dataclass(frozen=True)
class Variant:
    """One GAN: its networks, prior and recipes, its source, and where this implementation differs from it."""

    name: str
    title: str
    year: int
    idea: str
    "one sentence for the gallery: what is special about it"
    source: str
    prior: Prior
    data: str
    "data set it is shown with; image variants accept every image data set"
    recipes: Mapping[str, Recipe]
    networks: Mapping[str, Architecture]
    "what can be trained, by name; each recipe has that of its own name"
    differs: tuple[str, ...]
    "where `published` differs from its source"
    stable: tuple[str, ...]
    "what `stable` changes in `published`, and why"
    classes: int = 0
    "K if G is asked for a class, else 0"
    degenerates: bool = False
    "did its source see `published` get worse after a while?"

    @property
    def kind(self) -> Literal["images", "curves"]:
        """What it generates."""
        return "curves" if self.data.startswith("sine") else "images"
