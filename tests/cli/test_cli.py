"""The command line as people call it: its output, its exit code; a process of its own where training, signals or the environment matter."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from gan_core import cli, runs, settings
from gan_core.gans.variants import VARIANTS
from gan_core.jobs import recorder
from gan_core.runs import folders
from gan_core.storage import atomic
from tests.configs import small

ROOT = Path(__file__).parents[2]


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gan_core", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        env=os.environ | environment,
    )


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The same in this process, through the same function: a process costs seconds, most of them imports."""

    def asked(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["gan_core", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        code = end.value.code
        assert isinstance(code, int)
        return Said(code, *capsys.readouterr())

    return asked


@pytest.mark.parametrize("arguments", [("train", "vae"), ("stop", "nothing")])
def test_a_process_ends_with_the_sentence_and_exit_code_2(arguments):
    result = call(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("There is no ")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train", "vae"), "There is no variant 'vae'; choose one of gan,"),
        (("train", "gan", "--steps", "-3"), "steps = '-3' does not fit"),
        (("train", "gan", "--steps", "many"), "steps = 'many' does not fit"),
        (("train", "gan", "--seconds", "0"), "seconds = '0' does not fit"),
        (("train", "gan", "--seed", "lucky"), "seed = 'lucky' does not fit"),
        (("train", "gan", "--recipe", "secret"), "gan has no recipe 'secret'"),
        (("train", "sine-mlp", "--data", "mnist"), "sine-mlp cannot be trained on 'mnist'"),
        (("train", "gan", "--device", "tpu"), "device = 'tpu' does not fit"),
        (("train", "gan", "--precision", "float8"), "precision = 'float8' does not fit: choose one of 'float32', 'bfloat16'."),
        (("train", "gan", "--name", "../up"), "cannot name a run"),
        (("sample", "nothing"), "There is no run 'nothing'"),
        (("resume", "nothing"), "There is no run 'nothing'"),
        (("extend", "nothing", "--steps", "5"), "There is no run 'nothing'"),
        (("extend", "gan-stable", "--steps", "5"), "only runs trained here can be changed"),
        (("pause", "gan-stable"), "only runs trained here can be changed"),
        (("stop", "nothing"), "There is no run 'nothing'"),
        (("delete", "gan-stable", "--yes"), "only runs trained here can be changed"),
        (("download", "digits-5k"), "nothing to download"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments, sentence, ask, runs_folder):
    result = ask(*arguments)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert runs.own() == []


def test_build_trains_and_ships(tmp_path, runs_folder, monkeypatch):
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "shipped")
    recipes = VARIANTS["sine-mlp"].recipes
    monkeypatch.setitem(recipes, "stable", recipes["stable"].model_copy(update={"steps": 4, "batch": 4}))
    said = CliRunner().invoke(cli.app, ["build", "sine-mlp"])
    assert said.exit_code == 0, said.output
    (shipped,) = runs.shipped()
    assert shipped.id == "sine-mlp-stable"
    assert shipped.status.step == 4
    assert shipped.has_weights


def test_data_that_is_not_there_is_said_before_a_folder_is_made(tmp_path, runs_folder):
    result = call("train", "gan", "--data", "mnist", GAN_ATELIER_DATA=str(tmp_path / "nowhere"))
    assert result.returncode == 2
    assert "MNIST is not in the data folder" in result.stderr
    assert not runs_folder.exists() or not any(runs_folder.iterdir())


def test_a_folder_without_write_permission_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    result = call("train", "gan", "--steps", "1", GAN_ATELIER_RUNS=str(tmp_path / "file" / "runs"))
    assert result.returncode == 2
    assert "No run can be written into" in result.stderr


def test_train_sample_and_list(tmp_path, runs_folder, ask):
    result = call("train", "gan", "--steps", "40", "--seed", "5", "--name", "first")
    assert result.returncode == 0, result.stderr
    assert "Trained 40 steps" in result.stdout
    run = runs.Run(runs_folder / "first")
    assert run.status.state == "finished"
    assert run.config.seed == 5
    target = tmp_path / "digits.png"
    assert ask("sample", "first", "-n", "9", "--to", str(target)).returncode == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    assert "first" in ask("list").stdout
    assert "is finished" in ask("resume", "first").stderr
    assert "steps = 'some' does not fit" in ask("extend", "first", "--steps", "some").stderr
    assert call("extend", "first", "--steps", "10").returncode == 0
    assert (run.status.state, run.status.step, run.config.steps) == ("finished", 50, 50)
    run.weights.write_bytes(run.weights.read_bytes()[:-7])
    broken = ask("sample", "first", "--to", str(tmp_path / "none.png"))
    assert broken.returncode == 2
    assert "cut off" in broken.stderr
    assert not (tmp_path / "none.png").exists()


def test_ctrl_c_keeps_a_checkpoint_and_resume_goes_on(runs_folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "gan_core", "train", "gan", "--seconds", "300", "--name", "long"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    run = runs.Run(runs_folder / "long")
    end = time.monotonic() + 60
    while not (run.config_path.is_file() and run.status.step > 10):
        assert time.monotonic() < end
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Stopped after" in output
    assert run.status.state == "stopped"
    step = run.status.step

    values = run.config.model_dump() | {"seconds": None, "steps": step + 20}
    atomic.write(run.config_path, type(run.config).model_validate(values).model_dump_json().encode())
    result = call("resume", "long")
    assert result.returncode == 0, result.stderr
    assert (run.status.state, run.status.step) == ("finished", step + 20)


@pytest.fixture
def here():
    """A training in a terminal."""
    command = ("train", "sine-mlp", "--seconds", "300", "--name", "here")
    process = subprocess.Popen([sys.executable, "-m", "gan_core", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


def test_a_training_in_the_terminal_is_paused_from_elsewhere_and_the_queue_is_listed(here, runs_folder, ask):
    run = runs.Run(runs_folder / "here")
    end = time.monotonic() + 120
    while not (run.config_path.is_file() and run.status.step > 10):
        assert time.monotonic() < end
        time.sleep(0.1)
    waiting = runs.new(run.config, name="waiting", about=runs.RunLabel(title="[b]Pa[/b]"), state="queued", queued=1.0)
    listed = ask("list").stdout
    assert "queued, number 1" in listed
    assert "[b]Pa[/b]" in listed
    assert "Stop it first" in ask("delete", "here", "--yes").stderr
    assert ask("stop", "waiting").stdout.startswith("waiting: stopped.")
    said = call("pause", "here")
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("here: paused. Paused after")
    here.communicate(timeout=60)
    assert (here.returncode, run.status.state) == (0, "paused")
    assert ask("delete", "waiting", "--yes").stdout.strip() == "waiting is deleted."
    assert not waiting.folder.exists()
    asked = subprocess.run([sys.executable, "-m", "gan_core", "delete", "here"], cwd=ROOT, input="n\n", text=True, capture_output=True)
    assert "Delete Sine, dense" in asked.stdout
    assert run.has_weights


def test_bench_prints_a_median():
    result = call("bench", "gan", "--seconds", "0.3", "--repeats", "2", "--threads", "1")
    assert result.returncode == 0, result.stderr
    assert "median" in result.stdout
    assert "steps/s" in result.stdout


def test_doctor_says_whether_all_works_offline():
    result = call("doctor", COLUMNS="300")
    assert "works offline" in result.stdout
    assert "steps/s" in result.stdout
    assert str(settings.current().data) in result.stdout
    assert str(runs.own_folder()) in result.stdout
    assert f"in {settings.ROOT}" in result.stdout
    assert result.returncode == 0, result.stderr
    assert "yes: data" in result.stdout
    assert "broken" not in result.stdout


def test_doctor_begins_with_settings_that_do_not_fit():
    result = call("doctor", GAN_ATELIER_DATA="~nobody-of-that-name", GAN_ATELIER_MAX_RUNS="many")
    assert result.returncode == 2
    assert "GAN_ATELIER_DATA = '~nobody-of-that-name' does not fit" in result.stderr
    assert "GAN_ATELIER_MAX_RUNS = 'many' does not fit" in result.stderr


def test_doctor_names_what_is_missing(tmp_path):
    (tmp_path / "file").write_text("")
    result = call("doctor", GAN_ATELIER_RUNS=str(tmp_path / "file" / "runs"))
    assert result.returncode == 2
    assert "No run can be written into" in result.stderr


def test_looks_are_made_where_there_are_none(ask):
    """A run of an earlier version has pictures, and no looks at them."""
    run = runs.new(small("sine-mlp", steps=2))
    assert "no samples" in ask("look", run.id).stderr
    list(recorder.work(run))
    said = ask("look", run.id)
    assert "--anew" in said.stdout
    run.looks_path.unlink()
    said = ask("look", run.id)
    assert (said.returncode, len(run.looks)) == (0, 3)
    assert "3 looks; step 2: n 16, rmse" in said.stdout
    run.looks_path.write_text('{"step":0}\n')
    ask("look", run.id, "--anew")
    assert len(run.looks) == 3
    assert "--all" in ask("look").stderr
