"""The front door: what `import gan_core` gives, when it costs nothing, and that every example in its docstring is true."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import gan_core

ROOT = Path(__file__).parents[1]


def test_every_example_is_true() -> None:
    examples = doctest.testmod(gan_core, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert examples.attempted > 15
    assert examples.failed == 0


def test_every_name_has_an_example() -> None:
    assert gan_core.__doc__ is not None
    for name in gan_core.__all__:
        assert name in gan_core.__doc__ or name == "__version__", name
        assert getattr(gan_core, name) is not None
        assert name in dir(gan_core)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = gan_core.nothing


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    script = (
        "import sys, gan_core\n"
        "assert not [name for name in sys.modules if name.startswith('gan_core.')]\n"
        "gan_core.configure, gan_core.submit, gan_core.runs.own, gan_core.VARIANTS, gan_core.DATA_SETS\n"
        "gan_core.Run, gan_core.RunConfig, gan_core.Recipe, gan_core.AtelierError, gan_core.__version__\n"
        "assert not {'torch', 'streamlit', 'numpy.random'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_a_training_that_fails_is_no_run_that_was_fitted() -> None:
    usual = gan_core.configure("sine-mlp", steps=400)
    wild = usual.settings.model_copy(update={side: getattr(usual.settings, side).model_copy(update={"lr": 1e30}) for side in ("D", "G")})
    with pytest.raises(gan_core.AtelierError, match=r"The run is \S+"):
        gan_core.fit(gan_core.configure("sine-mlp", steps=400, settings=wild))
    (run,) = gan_core.runs.own()
    assert run.status.state == "failed"
