"""Fetching a data set of the MNIST family into the data folder."""

from __future__ import annotations

from gan_core.data.images import torchvision_class
from gan_core.data.registry import DATA_SETS, data_folder
from gan_core.errors import AtelierError
from gan_core.translation import _


def download(name: str) -> None:
    """Fetches a data set into the data folder, with torchvision's progress bar. Raises AtelierError with what to do."""
    if name not in DATA_SETS or DATA_SETS[name].folder is None:
        names = ", ".join(d.name for d in DATA_SETS.values() if d.folder)
        raise AtelierError(_("There is nothing to download for {name!r}; choose one of {names}.").format(name=name, names=names))
    folder = data_folder()
    try:
        torchvision_class(name)(root=str(folder), download=True)
    except (RuntimeError, OSError, ValueError) as error:
        raise AtelierError(
            _(
                "{data} could not be downloaded into {folder} ({why}). Check the network, or copy its files there from another "
                "machine. The built-in digits-5k need neither."
            ).format(data=_(DATA_SETS[name].title), folder=folder, why=" ".join(str(error).split()))
        ) from error
