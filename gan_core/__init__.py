"""gan_core: GANs of every kind, trained, kept and asked through one front door.

>>> import gan_core
>>> images = gan_core.load("cgan").sample(16, digit=7)          # Trained: a generator to be sampled, and its discriminator
>>> images.shape
torch.Size([16, 1, 28, 28])
>>> list(gan_core.VARIANTS)[:4], gan_core.DATA_SETS["mnist"].title
(['gan', 'gan-bn', 'dcgan', 'ssgan'], 'MNIST')
>>> config = gan_core.configure("sine-mlp", steps=20, seed=3)   # RunConfig: which GAN, recipe, data, seed, how long
>>> config.settings.batch                                       # its Recipe: objective, optimisers, batch ..
64
>>> longer = gan_core.configure("sine-mlp", settings=config.settings.model_copy(update={"batch": 128}))
>>> run = gan_core.fit(config)                                  # Run: trained here, and kept in a folder
>>> run.status.state, run.status.step
('finished', 20)
>>> gan_core.evaluate(run)["sine_rmse"] > 0.01                  # a dict of what it is worth, kept in the folder too
True
>>> for event in gan_core.train(config):                        # the same training as events; nothing is kept
...     pass
>>> event.step, event.complete
(20, True)
>>> waiting = gan_core.submit(config)                           # Run: a process of its own trains it when it is its turn
>>> gan_core.runs.wait(waiting, seconds=120).state
'finished'
>>> {each.id for each in gan_core.runs.own()} == {waiting.id, run.id}, gan_core.runs.find("cgan").shipped
(True, True)
>>> try:
...     gan_core.configure("gan", steps=0)
... except gan_core.AtelierError as error:                      # one sentence: what was wrong, what was expected
...     print(error)
steps = 0 does not fit: choose 1 or more.

`gan_core.runs` is the wing of that name and the door to all runs: `runs.own()`, `runs.shipped()`, `runs.find(name)`.

Glossary: N samples, C channels, H height, W width, Z latent size, K classes, L points of a curve. G generator, D discriminator,
z latent vector, x sample, y class. A variant is which GAN, a recipe how it is trained, a run one training (a folder), a step one
round of updates, a prior the distribution of z.

Whatever is asked for here is imported at that moment; torch comes with `load`, `train`, `fit`, `evaluate` and `Trained` alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gan_core import runs
    from gan_core.data import DATA_SETS
    from gan_core.errors import AtelierError
    from gan_core.evaluation.protocol import evaluate
    from gan_core.gans.config import RunConfig, configure
    from gan_core.gans.recipes import Recipe
    from gan_core.gans.variants import VARIANTS
    from gan_core.jobs import submit
    from gan_core.jobs.recorder import fit
    from gan_core.runs import Run
    from gan_core.trained.model import Trained, load
    from gan_core.training.loop import train

__version__ = "0.1.0"
__all__ = [
    "DATA_SETS",
    "VARIANTS",
    "AtelierError",
    "Recipe",
    "Run",
    "RunConfig",
    "Trained",
    "__version__",
    "configure",
    "evaluate",
    "fit",
    "load",
    "runs",
    "submit",
    "train",
]
_HOMES = {
    "DATA_SETS": "data",
    "VARIANTS": "gans.variants",
    "AtelierError": "errors",
    "Recipe": "gans.recipes",
    "Run": "runs",
    "RunConfig": "gans.config",
    "Trained": "trained.model",
    "configure": "gans.config",
    "evaluate": "evaluation.protocol",
    "fit": "jobs.recorder",
    "load": "trained.model",
    "submit": "jobs",
    "train": "training.loop",
}
"where in this package each name is defined"


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"gan_core.{_HOMES[name]}"), name)
    if name == "runs":
        return import_module("gan_core.runs")
    raise AttributeError(f"module 'gan_core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
