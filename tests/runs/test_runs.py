"""The run folder: whole files only, honest states, and a training process of its own."""

import json
import math
import os
import subprocess
import sys
import time
import traceback

import pytest

import gan_core
from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.gans.recipes import Adam
from gan_core.gans.variants import VARIANTS
from gan_core.jobs import recorder
from gan_core.runs import folders
from gan_core.storage import atomic, tensors
from gan_core.training import events
from tests.configs import each_recipe, small
from tests.elsewhere import at_work_elsewhere


def test_a_run_reads_back_what_was_asked_for():
    config = small("cgan", steps=3)
    run = runs.new(config)
    assert runs.Run(run.folder).config == config
    assert (run.status.state, run.status.step) == ("stopped", 0), "it rests until somebody trains it"
    assert runs.own()[0].id == run.id
    assert runs.find(run.id).folder == run.folder


def test_a_shipped_run_is_one_by_whatever_path_it_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(folders.SHIPPED.parent)
    (tmp_path / "link").symlink_to(folders.SHIPPED)
    for path in ("checkpoints/cgan-stable", "checkpoints/../checkpoints/cgan-stable", tmp_path / "link" / "cgan-stable"):
        assert runs.Run(path).shipped
    assert not runs.new(small("gan")).shipped


def test_ids_are_not_to_be_guessed_and_names_not_to_be_escaped_from():
    config = small("gan")
    ids = {runs.new(config).id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(each.rpartition("-")[2]) * 4 >= 64 for each in ids), "bits of the hexadecimal part"
    for name in ("../evil", "a/b", "", ".hidden", "a\x00b"):
        with pytest.raises(AtelierError, match="cannot name a run|There is no run|is not a run"):
            runs.new(config, name=name or " ")
        with pytest.raises(AtelierError):
            runs.find(name)
    runs.new(config, name="mine")
    with pytest.raises(AtelierError, match="already"):
        runs.new(config, name="mine")


def test_records_are_read_from_where_one_left_off_and_never_half(runs_folder):
    run = runs.new(small("gan"))
    run.append_records([{"step": 1, "D/loss": 0.5}, {"step": 2, "D/loss": 0.25}])
    first, offset = run.records()
    assert [r["step"] for r in first] == [1, 2]
    with run.metrics_path.open("a") as file:
        file.write('{"step":3,"D/lo')  # a writer in the middle of a line
    assert run.records(offset) == ([], offset)
    with run.metrics_path.open("a") as file:
        file.write('ss":0.1}\n')
    assert run.records(offset)[0] == [{"step": 3, "D/loss": 0.1}]


def test_a_line_torn_by_a_kill_is_passed_over_and_cut_off():
    config = small("gan", steps=6)
    straight = runs.new(config)
    list(recorder.work(straight))
    torn = runs.new(config.model_copy(update={"steps": 3}))
    list(recorder.work(torn))
    atomic.write(torn.config_path, config.model_dump_json().encode())
    torn.write_status(state="running", pid=2**22 + 1)  # killed in the middle of both lines
    for path in (torn.metrics_path, torn.probes_path):
        with path.open("a") as file:
            file.write('{"step":4,"seco')
    assert torn.status.state == "lost"
    assert torn.records()[0][-1]["step"] == 3
    assert torn.probes[-1]["step"] == 3
    list(recorder.work(torn))
    assert [r["step"] for r in torn.records()[0]] == [1, 2, 3, 4, 5, 6]
    assert torn.probes[-1]["step"] == 6
    assert torn.metrics_path.read_text().count("\n") == 6
    assert torn.weights.read_bytes() == straight.weights.read_bytes()


def test_a_line_that_nobody_can_read_costs_no_other():
    run = runs.new(small("gan"))
    run.append_records([{"step": 1}])
    with run.metrics_path.open("ab") as file:
        file.write(b"\0" * 20 + b"\n")  # what a power cut may leave
    run.append_records([{"step": 2}])
    assert [r["step"] for r in run.records()[0]] == [1, 2]


def test_numbers_that_are_none_stay_json_and_come_back_as_nan():
    run = runs.new(small("gan"))
    run.append_records([{"step": 1, "D/loss": float("nan"), "G/loss": float("inf")}])
    json.loads(run.metrics_path.read_text(), parse_constant=pytest.fail)
    (record,) = run.records()[0]
    assert math.isnan(record["D/loss"])
    assert math.isnan(record["G/loss"])


def test_what_a_killed_process_left_half_written_is_cleared_away():
    run = runs.new(small("gan", steps=1))
    left = [run.folder / ".resume.safetensors.0a1b2c3d", run.folder / "samples" / ".0000001.png.00000000", run.reserve_path]
    for path in left:
        path.write_bytes(b"half")
    others = run.folder / ".evaluation.json.0a1b2c3d"  # another process may be about to rename it
    others.write_bytes(b"{}")
    list(recorder.work(run))
    assert run.status.state == "finished"
    assert [path for path in left if path.exists()] == []
    assert others.exists()


def test_a_run_that_another_process_trains_is_left_alone():
    run = runs.new(small("gan", steps=1))
    with at_work_elsewhere(run.alive_path) as pid:
        run.write_status(state="running", pid=pid)
        with pytest.raises(AtelierError, match="training already"):
            list(recorder.work(run))
        assert run.status.pid == pid


def test_numbers_that_break_leave_the_last_good_checkpoint():
    run = runs.new(small("gan", steps=20))
    list(recorder.work(run))
    good = {path.name: path.read_bytes() for path in (run.weights, run.resume_path)}
    config = run.config
    wild = config.settings.model_copy(update={"D": config.settings.D.model_copy(update={"lr": 1e30})})
    atomic.write(run.config_path, config.model_copy(update={"steps": 60, "settings": wild}).model_dump_json().encode())
    assert isinstance(list(recorder.work(run))[-1], events.Failed)
    status = run.status
    assert status.state == "failed"
    assert "diverged" in status.message
    assert "The checkpoint of step 20 is saved" in status.message
    assert {path.name: path.read_bytes() for path in (run.weights, run.resume_path)} == good
    assert gan_core.load(run).sample(2).shape == (2, 1, 28, 28)
    atomic.write(run.config_path, config.model_copy(update={"steps": 30}).model_dump_json().encode())
    list(recorder.work(run))
    assert run.status.state == "finished"
    assert run.records()[0][-1]["step"] == 30


def test_networks_that_are_not_finite_are_not_kept():
    run = runs.new(small("wgan-gp", steps=30, G=Adam(lr=1e10)))  # batch norm's averages overflow, which no loss sees
    with pytest.raises(AtelierError, match="diverged"):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert "diverged" in run.status.message
    assert run.weights is None
    assert not run.resume_path.exists()


def test_a_damaged_resume_file_is_said_and_the_weights_stay():
    run = runs.new(small("gan", steps=3))
    list(recorder.work(run))
    run.resume_path.write_bytes(run.resume_path.read_bytes()[:-100])
    run.write_status(state="stopped")
    with pytest.raises(AtelierError):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert run.status.message.startswith("Cannot resume: resume.safetensors was cut off")
    assert run.has_weights
    assert len(run.records()[0]) == 3


def test_too_little_memory_is_said():
    run = runs.new(small("gan", steps=1, batch=10**12))
    with pytest.raises(RuntimeError):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert run.status.message.startswith("There is not enough memory.")
    assert "can't allocate memory" in run.traceback


def test_the_last_traceback_is_found():
    run = runs.new(small("gan"))
    assert run.traceback is None
    run.log("a warning\n")
    assert run.traceback is None
    for number in (1, 2):
        try:
            try:
                raise ValueError(f"cause {number}")
            except ValueError as error:
                raise RuntimeError(f"outcome {number}\nin two lines") from error
        except RuntimeError:
            run.log(traceback.format_exc())
        run.log("\nand afterwards something else\n")
    lines = run.traceback.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2:] == ["RuntimeError: outcome 2", "in two lines"]
    assert "ValueError: cause 2" in lines
    assert "cause 1" not in run.traceback


def test_about_is_checked():
    about = runs.RunLabel.checked("somebody", "  Zwölf Ziffern, größer 😀 ")
    run = runs.new(small("gan"), about=about)
    assert (run.owner, run.name) == ("somebody", "Zwölf Ziffern, größer 😀")
    assert run.name in run.title
    assert [r.id for r in runs.own("somebody")] == [run.id]
    assert runs.own("somebody else") == []
    for title in ("a\nb", "a\x00b", "a\u202eb", "a\u2028b", "\x1b[31mred", "\ud800"):
        with pytest.raises(AtelierError, match="control characters"):
            runs.RunLabel.checked("", title)
    with pytest.raises(AtelierError, match="at most 80 characters"):
        runs.RunLabel.checked("", "x" * 81)
    run.about_path.write_text("{")
    assert (run.owner, run.name) == ("", "")


def test_one_lock_for_all_processes(runs_folder):
    """Each of three processes counts a number in a file up twenty times, between reading and writing it another could."""
    runs_folder.mkdir()
    (runs_folder / "number").write_text("0")
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom gan_core import runs\nfolder = Path(sys.argv[1])\nfor _ in range(20):\n"
        "    with runs.lock(folder):\n        n = int((folder / 'number').read_text())\n        time.sleep(0.002)\n"
        "        (folder / 'number').write_text(str(n + 1))\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(runs_folder)]) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert (runs_folder / "number").read_text() == "60"


def test_a_whole_training_leaves_the_documented_files():
    run = runs.new(small("cgan", steps=4))
    list(recorder.work(run))
    status = run.status
    assert (status.state, status.step, status.images) == ("finished", 4, 32)
    assert "CPU" in status.device
    assert [r["step"] for r in run.records()[0]] == [1, 2, 3, 4]
    assert run.samples[0].step == 0
    assert run.samples[-1].step == 4
    assert run.weights == run.weights_path(4)
    assert run.resume_path.is_file()
    leftovers = [p.name for p in run.folder.rglob(".*")]
    assert leftovers == [run.alive_path.name]
    curves = runs.new(small("sine-mlp", steps=1))
    list(recorder.work(curves))
    grid = json.loads(curves.samples[-1].read())
    assert (len(grid["x"]), len(grid["real"]), len(grid["fake"])) == (16, 8, 16)


def test_resuming_a_folder_rewrites_what_came_after_the_checkpoint():
    config = small("gan", steps=6)
    straight = runs.new(config)
    list(recorder.work(straight))
    # as if the process had died later: records and grids past the checkpoint of step 3
    half = runs.new(config.model_copy(update={"steps": 3}))
    list(recorder.work(half))
    atomic.write(half.config_path, config.model_dump_json().encode())
    half.append_records([{"step": 4, "D/loss": 99.0}])
    half.write_sample(5, ".png", b"not to stay")
    list(recorder.work(half))

    def numbers(r):
        return [{k: v for k, v in record.items() if k != "seconds"} for record in r.records()[0]]

    assert numbers(half) == numbers(straight)
    assert half.weights.read_bytes() == straight.weights.read_bytes()
    assert b"not to stay" not in [grid.read() for grid in half.samples]


def test_a_failure_is_written_down_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "empty"))
    run = runs.new(configure("gan", data="mnist", steps=2))
    with pytest.raises(AtelierError):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert "is not in the data folder" in run.status.message


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(settings.variable("runs"), str(tmp_path / "file" / "runs"))
    with pytest.raises(AtelierError, match="No run can be written"):
        runs.new(small("gan"))
    with pytest.raises(AtelierError, match="No run can be written"):
        runs.check_writable(runs.own_folder())


def test_what_is_no_run_is_passed_over(runs_folder):
    runs.new(small("gan"), name="good")
    for name, content in (("empty", ""), ("foreign", '{"hello": 1}'), ("broken", "{")):
        (runs_folder / name).mkdir()
        (runs_folder / name / "config.json").write_text(content)
    assert [run.id for run in runs.own()] == ["good"]


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture
def sine():
    """A finished run of curves."""
    run = runs.new(small("sine-mlp", steps=3))
    list(recorder.work(run))
    yield run
    run.evaluation_task.kill()


def test_an_evaluation_works_in_its_own_process(sine):
    assert (sine.evaluation_task.at_work, sine.evaluation, sine.evaluation_task.failure) == (False, None, None)
    jobs.evaluate(sine)
    assert sine.evaluation_task.pid != os.getpid()
    assert [run.id for run in jobs.evaluating()] == [sine.id]
    with pytest.raises(AtelierError, match="is being evaluated"):
        jobs.evaluate(sine)
    until(lambda: not sine.evaluation_task.at_work)
    assert sine.evaluation["sine_rmse"] > 0
    assert sine.evaluation["step"] == 3
    assert sine.evaluation_task.failure is None
    assert sine.card_path.read_text() in sine.evaluation_task.log_path.read_text() + "\n"


def test_an_evaluation_that_fails_says_what_it_printed_last(sine):
    sine.weights.write_bytes(b"not a checkpoint")
    jobs.evaluate(sine)
    until(lambda: not sine.evaluation_task.at_work)
    assert "is not a safetensors file" in sine.evaluation_task.failure
    assert sine.evaluation is None


def test_an_evaluation_that_was_killed_is_no_result(sine):
    atomic.write(sine.evaluation_path, b'{"step": 1}')  # of an earlier evaluation
    jobs.evaluate(sine)
    sine.evaluation_task.kill()
    until(lambda: not sine.evaluation_task.at_work)
    assert "stopped unexpectedly" in sine.evaluation_task.failure


def test_what_cannot_be_evaluated_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "empty"))
    run = runs.new(small("gan", steps=1), state="queued", queued=1.0)
    assert "no weights" in jobs.why_not_evaluate(run)
    run.weights_path(1).touch()
    assert "is waiting or training" in jobs.why_not_evaluate(run)
    run.write_status(state="finished")
    assert "download mnist" in jobs.why_not_evaluate(run)
    fashion = run.config.model_copy(update={"data": "fashion-mnist"})
    atomic.write(run.config_path, fashion.model_dump_json().encode())
    assert "reads digits only" in jobs.why_not_evaluate(run)
    with pytest.raises(AtelierError, match="reads digits only"):
        jobs.evaluate(run)
    assert not run.evaluation_task.state_path.exists()


@each_recipe
def test_parameters_are_counted_from_the_header_alone(variant, recipe):
    G, D = VARIANTS[variant].networks[recipe].build()
    run = runs.new(small(variant, recipe))
    assert run.parameters is None
    run.weights_path(1).write_bytes(tensors.encode(tensors.weights_of(G, D)))
    assert run.parameters == {"G": sum(p.numel() for p in G.parameters()), "D": sum(p.numel() for p in D.parameters())}
    run.weights_path(2).write_bytes(b"\xff" * 64)
    assert run.parameters is None


def test_listing_runs_does_not_import_torch():
    script = "import sys; from gan_core import runs, jobs; runs.shipped(); runs.own(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
