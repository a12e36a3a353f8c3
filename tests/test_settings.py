"""Settings: each variable, what it is without one, and what is said of a value that does not fit."""

import os
import re
import subprocess
import sys
import timeit
from pathlib import Path

import pytest

from gan_core import data, jobs, runs, settings
from gan_core.errors import AtelierError

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_variables_a_checkout_keeps_all_beside_itself() -> None:
    now = settings.current()
    assert (now.data, now.runs) == (ROOT / "data", ROOT / "runs")
    assert (now.show_all, now.ready) == (False, True)
    assert (now.max_runs, now.max_per_visitor) == (None, 3)
    assert now.presenter is None


@pytest.mark.parametrize("field", ["data", "runs"])
@pytest.mark.parametrize("written", ["~/gan-runs", "'~/gan-runs'", '"~/gan-runs"', " ~/gan-runs "])
def test_a_folder_may_begin_at_home_and_stand_in_quotes(field: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable(field), written)
    assert getattr(settings.current(), field) == Path.home() / "gan-runs"
    assert {"data": data.data_folder, "runs": runs.own_folder}[field]() == Path.home() / "gan-runs"


def test_a_relative_folder_is_one_of_the_current_folder_in_children_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("data"), "mine")
    monkeypatch.chdir(tmp_path)
    assert settings.current().data == tmp_path / "mine"
    assert settings.for_children()["GAN_ATELIER_DATA"] == str(tmp_path / "mine")
    monkeypatch.chdir("/")
    assert settings.current().data == Path("/mine")


def test_a_change_of_the_environment_holds_at_once_and_reading_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for most in ("5", "'6'", "7"):
        monkeypatch.setenv(settings.variable("max_runs"), most)
        assert jobs.slots() == jobs.slots("cuda") == int(most.strip("'"))
    monkeypatch.setenv(settings.variable("max_runs"), "")
    assert settings.current().max_runs is None
    assert settings.current() is settings.current(), "read once"
    assert timeit.timeit(settings.current, number=1000) < 1.0


@pytest.mark.parametrize(("written", "on"), [("1", True), ("0", False), ("true", True), ("off", False), ("'1'", True), ("", None)])
@pytest.mark.parametrize("field", ["show_all", "ready"])
def test_a_switch_is_on_or_off(field: str, written: str, on: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = getattr(settings.current(), field)
    monkeypatch.setenv(settings.variable(field), written)
    assert getattr(settings.current(), field) is (usual if on is None else on)


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("max_runs", "0", "a whole number from 1 on"),
        ("max_per_visitor", "many", "a whole number from 1 on"),
        ("max_per_visitor", "''", "a whole number from 1 on"),
        ("show_all", "perhaps", "1 or 0"),
        ("ready", "-1", "1 or 0"),
        ("runs", "~nobody-of-that-name/runs", "a folder"),
        ("data", '""', "a folder"),
        ("presenter", "''", "a word"),
    ],
)
def test_a_value_that_does_not_fit_is_said_to_whoever_asks_for_it_alone(
    field: str, value: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.variable(field), value)
    with pytest.raises(AtelierError, match=re.escape(f"{settings.variable(field)} = {value!r} does not fit: set it to {wanted}")):
        getattr(settings.current(), field)
    for other in set(settings.Settings.model_fields) - {field}:
        getattr(settings.current(), other)
    (complaint,) = settings.complaints()
    assert complaint.startswith(settings.variable(field))


def test_nobody_else_reads_the_environment_for_settings() -> None:
    spelt = re.compile("[\"']GAN_ATELIER_(" + "|".join(field.upper() for field in settings.Settings.model_fields) + ")[\"']")
    for folder in ("gan_core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.name == "settings.py" or not spelt.search(path.read_text(encoding="utf-8")), path


def test_a_current_folder_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.rmdir({str(gone)!r}); from gan_core import settings; print(settings.current().runs)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], cwd=gone, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(ROOT / "runs")


def test_children_find_a_checkout_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/other")
    path = settings.for_children()["PYTHONPATH"]
    assert path == f"{ROOT}{os.pathsep}/other"
    monkeypatch.setenv("PYTHONPATH", path)
    assert "PYTHONPATH" not in settings.for_children()


def test_the_presenters_word_is_known_where_one_is_set_and_no_other_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any(settings.is_presenters_word(word) for word in ("", "None", "swordfish"))
    monkeypatch.setenv(settings.variable("presenter"), " 'Schwertfisch-ä' ")
    assert settings.is_presenters_word("Schwertfisch-ä")
    assert not any(settings.is_presenters_word(word) for word in ("", "schwertfisch-ä", "Schwertfisch", "\udcff"))
