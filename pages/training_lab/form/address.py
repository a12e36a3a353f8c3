"""What the address says of a training to come, and the address that says it: both ways, for every setting there is.

A word in it that does not fit is a sentence of its own: what was wrong, and what is taken instead. Knows nothing of Streamlit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans import compatibility
from gan_core.gans.config import CLASSES, MAX_STEPS, RunConfig, choices_of_data, configure, most_labels, sentence
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.gans.variants.entry import Variant
from gan_core.translation import _

START, TAB, COPY = "start", "tab", "copy"  # query parameters that are no settings
TABS = ("train", "break")
SECONDS = (1, 86_400)  # a training by the form lasts
MOST_SEED = 2**32 - 1
DEVICES = ("cpu", "cuda", "mps")
PRECISIONS = ("float32", "bfloat16")
PLAIN = ("variant", "recipe", "data", "seconds", "steps", "seed", "device", "precision", "networks", "labels", "tensorboard")
"settings whose parameter bears their own name"
_RENAMED = {"steps": "full_steps", "labels": "asked_labels"}  # settings of a recipe whose names mean something else in an address
T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """The training that the form describes. Each value fits by itself; whether they fit together, `config` says."""

    variant: str
    recipe: str
    networks: str
    data: str
    settings: Recipe
    seed: int = 0
    seconds: float | None = None
    "of training; None: so many steps instead"
    steps: int | None = None
    device: str = "cpu"
    precision: str = "float32"
    label_budget: int | None = None
    tensorboard: bool = False

    @property
    def about(self) -> Variant:
        """The entry of the table."""
        return VARIANTS[self.variant]

    def by(self, recipe: str) -> Wanted:
        """The same data, seed, device and length by a recipe as it is."""
        kept = {name: getattr(self, name) for name in ("data", "seed", "seconds", "steps", "device", "tensorboard")}
        return replace(usual(self.variant, recipe), **kept)

    def config(self) -> RunConfig:
        """As it will be trained. Raises AtelierError with what does not go together."""
        return configure(**{name: getattr(self, name) for name in asdict(self)})


def usual_data(variant: Variant) -> str:
    """What a variant is trained on where nothing else is said: its own data set, the built-in digits where that is not here."""
    return variant.data if DATA_SETS[variant.data].present else "digits-5k"


def usual_seconds(variant: str, recipe: str) -> float:
    """For how long, where nothing else is said: the quick one draws digits within seconds."""
    return 20.0 if (variant, recipe) == (QUICK, "stable") else 60.0


def usual(variant: str, recipe: str = "stable") -> Wanted:
    """The training by a recipe as it is."""
    about = VARIANTS[variant]
    return Wanted(variant, recipe, recipe, usual_data(about), about.recipes[recipe], seconds=usual_seconds(variant, recipe))


def of(config: RunConfig) -> Wanted:
    """The same training, to be changed."""
    steps = None if config.seconds is not None else config.steps
    same = ("variant", "recipe", "networks", "data", "settings", "seed", "seconds", "device", "precision", "label_budget", "tensorboard")
    return Wanted(**{name: getattr(config, name) for name in same}, steps=steps)


def whole(text: str, low: int, high: int) -> int:
    """A whole number in a range, from a text as people write it (1000, 1e3). Raises ValueError."""
    number = float(text)
    if not low <= number <= high or number != int(number):
        raise ValueError(text)
    return int(number)


def seed(text: str) -> int:
    """Raises AtelierError with what a seed is."""
    try:
        return whole(text, 0, MOST_SEED)
    except (ValueError, OverflowError):
        raise AtelierError(_("A seed is a whole number from 0 to {most}.").format(most=f"{MOST_SEED:,}")) from None


def seconds(text: str) -> float:
    """Raises AtelierError with how long a training may be [s]."""
    low, high = SECONDS
    try:
        if low <= (number := float(text)) <= high:
            return number
    except ValueError:
        pass
    raise AtelierError(_("A training lasts {low} to {high} seconds.").format(low=low, high=f"{high:,}"))


def steps(text: str) -> int:
    """Raises AtelierError with how many steps a training may have."""
    try:
        return whole(text, 1, MAX_STEPS)
    except (ValueError, OverflowError):
        raise AtelierError(_("A training has 1 to {most} steps, a whole number.").format(most=f"{MAX_STEPS:,}")) from None


def read(query: Mapping[str, str], devices: Sequence[str] = ("cpu",)) -> tuple[Wanted, list[str]]:
    """The training that an address asks for, and a sentence for each word of it that does not fit. `devices` are those of this machine."""
    reader = _Reader(query)
    name = reader.one_of("variant", list(VARIANTS), QUICK)
    recipe = reader.one_of("recipe", list(VARIANTS[name].recipes), "stable")
    wanted = usual(name, recipe)
    about = wanted.about
    data = reader.one_of("data", choices_of_data(about), wanted.data)
    networks = reader.one_of("networks", list(about.networks), recipe)
    device = reader.one_of("device", DEVICES, devices[0])
    if device not in devices:
        reader.complain("device", device, _("This machine has no such device."), "cpu")
        device = "cpu"
    wanted = replace(
        wanted,
        data=data,
        networks=networks,
        device=device,
        precision=reader.one_of("precision", PRECISIONS, "float32"),
        seed=reader.parsed("seed", seed, 0),
        settings=reader.settings(wanted.settings),
        tensorboard=reader.one_of("tensorboard", ("0", "1"), "0") == "1",
    )
    wanted = replace(wanted, label_budget=reader.parsed("labels", _labels(wanted), None))
    if "steps" in query and "seconds" in query:
        reader.complaints.append(_("The address gives both seconds and steps; the seconds are taken."))
    if "steps" in query and "seconds" not in query:
        return replace(wanted, seconds=None, steps=reader.parsed("steps", steps, wanted.settings.steps)), reader.complaints
    return replace(wanted, seconds=reader.parsed("seconds", seconds, wanted.seconds)), reader.complaints


def tab(query: Mapping[str, str]) -> tuple[str, list[str]]:
    """The tab that an address asks for, and what is wrong with that."""
    reader = _Reader(query)
    return reader.one_of(TAB, TABS, TABS[0]), reader.complaints


def write(wanted: Wanted) -> dict[str, str]:
    """The address of a training: what it shall be, how long, from which seed; of the rest, what differs from the recipe."""
    recipe = wanted.about.recipes[wanted.recipe]
    query = {"variant": wanted.variant, "recipe": wanted.recipe, "data": wanted.data}
    query |= {"seconds": f"{wanted.seconds:.10g}"} if wanted.seconds is not None else {"steps": str(wanted.steps)}
    query |= {"seed": str(wanted.seed), "device": wanted.device}
    if wanted.precision != "float32":
        query["precision"] = wanted.precision
    if wanted.networks != wanted.recipe:
        query["networks"] = wanted.networks
    if wanted.label_budget is not None:
        query["labels"] = str(wanted.label_budget)
    if wanted.tensorboard:
        query["tensorboard"] = "1"
    now, before = wanted.settings.model_dump(), recipe.model_dump()
    for name in now:
        if isinstance(now[name], dict):
            query |= _part(_RENAMED.get(name, name), now[name], before[name], name)
        elif now[name] != before[name]:
            query[_RENAMED.get(name, name)] = _text(now[name])
    return query


def is_setting(name: str) -> bool:
    """Does a parameter of this name describe a training?"""
    plain = {*PLAIN, START, TAB, COPY}
    return name in plain or name.partition(".")[0] in {_RENAMED.get(each, each) for each in Recipe.model_fields}


def _labels(wanted: Wanted) -> Callable[[str], int | None]:
    most = most_labels(wanted.data)

    def read_labels(text: str) -> int:
        if not wanted.settings.objective.names_classes:
            raise AtelierError(_("The D of this GAN learns no digits from labels."))
        try:
            number = whole(text, CLASSES, most)
        except (ValueError, OverflowError):
            number = 1
        if number % CLASSES:
            raise AtelierError(_("A number of labels is a multiple of 10, up to {most}.").format(most=f"{most:,}"))
        return number

    return read_labels


def _part(parameter: str, now: dict[str, Any], before: dict[str, Any], name: str) -> dict[str, str]:
    """What an objective or an optimiser says beyond its kind's usual values, or the recipe's own if it is the same kind."""
    query = {}
    if now["kind"] != before["kind"]:
        query[parameter] = now["kind"]
        before = OBJECTIVES[now["kind"]].usual().model_dump() if name == "objective" else {}
    return query | {f"{parameter}.{key}": _text(value) for key, value in now.items() if key != "kind" and before.get(key) != value}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


class _Reader:
    """Reads parameters one by one, and keeps what is wrong with them."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.query = query
        self.complaints: list[str] = []

    def complain(self, name: str, text: str, why: str, instead: object) -> None:
        said = {"name": name, "text": text[:60], "why": why, "instead": instead}
        if instead is None:
            self.complaints.append(_("The address says {name}={text}, and that is left out. {why}").format(**said))
        else:
            self.complaints.append(_("The address says {name}={text}, and {instead} is taken instead. {why}").format(**said))

    def one_of(self, name: str, names: Sequence[str], usual: str) -> str:
        text = self.query.get(name, usual)
        if text in names:
            return text
        self.complain(name, text, _("Choose one of {names}.").format(names=", ".join(names)), usual)
        return usual

    def parsed(self, name: str, parse: Callable[[str], T], usual: T) -> T:
        text = self.query.get(name)
        if text is None:
            return usual
        try:
            return parse(text)
        except AtelierError as error:
            self.complain(name, text, str(error), f"{usual:g}" if isinstance(usual, float) else usual)
            return usual

    def settings(self, recipe: Recipe) -> Recipe:
        """The recipe with the changes that the address names; where one does not fit, with none of them."""
        changed = recipe
        names = {_RENAMED.get(name, name): name for name in Recipe.model_fields}
        given = {name: text for name, text in self.query.items() if name.partition(".")[0] in names}
        try:
            if (kind := given.pop("objective", None)) is not None:
                if kind not in OBJECTIVES:
                    raise AtelierError(_("There is no objective {kind}.").format(kind=kind[:60]))
                changed = compatibility.with_objective(recipe, kind)
            values = changed.model_dump()
            for parameter in sorted(given, key=lambda each: "." in each):
                first, dot, second = parameter.partition(".")
                name = names[first]
                if dot and isinstance(values[name], dict):
                    values[name][second] = _value(given[parameter])
                elif not dot and name in ("D", "G"):
                    values[name] = {"kind": given[parameter]}  # another optimiser; what it needs follows
                else:
                    values[name] = _value(given[parameter])
            return Recipe.model_validate(values)
        except ValidationError as error:
            why = sentence(error)
        except AtelierError as error:
            why = str(error)
        self.complaints.append(
            _("The address changes the recipe, and that does not fit: {why} The recipe is taken as it is.").format(why=why)
        )
        return recipe
