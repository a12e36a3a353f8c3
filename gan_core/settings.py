"""Every setting of an installation, read from the environment, and the folders it lies in. Says what each means, once.

settings.current().runs                       # the folder of the runs trained here
os.environ["GAN_ATELIER_MAX_RUNS"] = "2"      # whoever asks next, in this process or a child, finds 2
settings.variable("max_runs")                 # "GAN_ATELIER_MAX_RUNS"
"""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from gan_core.errors import AtelierError

_PACKAGE = Path(__file__).parent
_INSTALLED = (_PACKAGE / "app").is_dir()  # a wheel carries what lies beside gan_core in a checkout as gan_core/app
ROOT = _PACKAGE / "app" if _INSTALLED else _PACKAGE.parent
"the folder that holds app.py, pages and checkpoints: the checkout, or its copy inside the installed package"
_HOME = Path("~/gan-atelier") if _INSTALLED else ROOT  # what people make must lie where they find it, and outlive an update
PREFIX = "GAN_ATELIER_"


def _unquoted(value: Any) -> Any:
    """The text without spaces and quotes around it: unit files and compose files hand quotes on as they stand."""
    if not isinstance(value, str):
        return value
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1].strip()
    if not bare:
        raise ValueError("empty")
    return bare


def _absolute(path: Path) -> Path:
    """The same folder whatever the current one will be, with ~ as the home folder."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("no such home folder") from None


Folder = Annotated[Path, AfterValidator(_absolute), BeforeValidator(_unquoted)]
Count = Annotated[int, Field(ge=1), BeforeValidator(_unquoted)]
Word = Annotated[str, BeforeValidator(_unquoted)]
Switch = Annotated[bool, BeforeValidator(_unquoted)]


class Settings(BaseSettings):
    """What the environment variables $GAN_ATELIER_DATA, $GAN_ATELIER_RUNS .. say; empty is as good as not set.

    A variable whose value does not fit raises AtelierError when its field is asked for, and only then: a wrong number of trainings
    does not close the gallery.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")
    _wrong: dict[str, str] = PrivateAttr(default_factory=dict)

    data: Folder = _HOME / "data"
    "folder of downloaded data sets"
    runs: Folder = _HOME / "runs"
    "folder of the runs trained here"
    show_all: Switch = False
    "1: every visitor sees and may change every run (docs/decisions/0008-visitors.md)"
    max_runs: Count | None = None
    "how many runs may train at once, on whatever device; others wait in a queue. Without it one per core, and one per GPU besides"
    max_per_visitor: Count = 3
    "how many runs, waiting or training, may be one visitor's"
    presenter: Word | None = None
    "a secret word: who opens the app with `?presenter=WORD` goes ahead of the queue, and one of several places is kept for them"
    ready: Switch = True
    "the server keeps a training process waiting, about 0.4 GB (docs/decisions/0015-first-seconds.md)"

    if not TYPE_CHECKING:  # only what is not set comes here: a field whose value did not fit

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise AtelierError(self._wrong[name])
            return super().__getattr__(name)


def variable(field: str) -> str:
    """The environment variable of a setting."""
    if field not in Settings.model_fields:
        raise KeyError(field)
    return f"{PREFIX}{field.upper()}"


VARIABLES = tuple(variable(field) for field in Settings.model_fields)


def current() -> Settings:
    """The settings as the environment has them now. Cheap: nothing is read anew unless the environment has changed."""
    return _read(_working_folder(), os.environ.get("HOME"), *(os.environ.get(name) for name in VARIABLES))


def is_presenters_word(word: str) -> bool:
    """Is it the presenter's secret word? Never, where the setting names none."""
    secret = current().presenter or ""
    return bool(secret) and hmac.compare_digest(word.encode(errors="replace"), secret.encode(errors="replace"))


def complaints() -> list[str]:
    """A sentence for each variable whose value does not fit."""
    return list(current()._wrong.values())


def for_children() -> dict[str, str]:
    """What processes need that start in another current folder: the folders as variables, and where a checkout's gan_core lies."""
    folders = {}
    for field in ("data", "runs"):
        with suppress(AtelierError):  # what does not fit is said by whoever needs it, there as here
            folders[variable(field)] = str(getattr(current(), field))
    known = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if _INSTALLED or str(ROOT) in known:
        return folders
    return folders | {"PYTHONPATH": os.pathsep.join([str(ROOT), *known])}  # -m alone would not find it where PYTHONSAFEPATH is set


@lru_cache(maxsize=8)
def _read(*_: str | None) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
    fields = Settings.model_fields
    stand_ins: dict[str, Any] = {name: ROOT if fields[name].annotation is Path else fields[name].default for name in wrong}
    settings = Settings(**stand_ins)
    for name in wrong:
        value, kind = os.environ.get(variable(name)) or str(fields[name].default), fields[name].annotation
        wanted = "a folder that can be made" if kind is Path else "1 or 0" if kind is bool else "a whole number from 1 on"
        wanted = "a word" if kind == Word | None else wanted
        settings._wrong[name] = f"{variable(name)} = {value!r} does not fit: set it to {wanted}."
        del settings.__dict__[name]
    return settings


def _working_folder() -> str | None:
    try:
        return os.getcwd()
    except FileNotFoundError:  # removed under us: only relative folders would need it
        return None
