"""The run folder: whole files only, honest states, and a training process of its own."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from conftest import each_recipe, small

import gan_core
from gan_core import checkpoints, jobs, recorder, runs
from gan_core.config import configure
from gan_core.errors import AtelierError
from gan_core.variants import VARIANTS


def test_a_run_reads_back_what_was_asked_for():
    config = small("cgan", steps=3)
    run = runs.new(config)
    assert runs.Run(run.folder).config == config
    assert run.status.state == "queued"
    assert runs.own()[0].id == run.id
    assert runs.find(run.id).folder == run.folder


def test_ids_are_not_to_be_guessed_and_names_not_to_be_escaped_from():
    config = small("gan")
    assert len({runs.new(config).id for _ in range(5)}) == 5
    for name in ("../evil", "a/b", "", ".hidden", "a\x00b"):
        with pytest.raises(AtelierError, match="cannot name a run|There is no run|is no run"):
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


def test_a_whole_training_leaves_the_documented_files():
    run = runs.new(small("cgan", steps=4))
    list(recorder.work(run))
    status = run.status
    assert (status.state, status.step, status.images) == ("finished", 4, 32)
    assert "CPU" in status.device
    assert [r["step"] for r in run.records()[0]] == [1, 2, 3, 4]
    assert next(step for step, _ in run.samples) == 0
    assert run.samples[-1][0] == 4
    assert run.weights == run.weights_path(4)
    assert run.resume_path.is_file()
    leftovers = [p.name for p in run.folder.rglob(".*")]
    assert leftovers == []
    curves = runs.new(small("sine-mlp", steps=1))
    list(recorder.work(curves))
    grid = json.loads(curves.samples[-1][1].read_text())
    assert (len(grid["x"]), len(grid["real"]), len(grid["fake"])) == (16, 8, 16)


def test_resuming_a_folder_rewrites_what_came_after_the_checkpoint():
    config = small("gan", steps=6)
    straight = runs.new(config)
    list(recorder.work(straight))
    # as if the process had died later: records and grids past the checkpoint of step 3
    half = runs.new(config.model_copy(update={"steps": 3}))
    list(recorder.work(half))
    runs.write_atomically(half.config_path, config.model_dump_json().encode())
    half.append_records([{"step": 4, "D/loss": 99.0}])
    half.write_sample(5, ".png", b"not to stay")
    list(recorder.work(half))

    def numbers(r):
        return [{k: v for k, v in record.items() if k != "seconds"} for record in r.records()[0]]

    assert numbers(half) == numbers(straight)
    assert half.weights.read_bytes() == straight.weights.read_bytes()
    assert b"not to stay" not in [p.read_bytes() for _, p in half.samples]


def test_a_failure_is_written_down_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path / "empty"))
    run = runs.new(configure("gan", data="mnist", steps=2))
    with pytest.raises(AtelierError):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert "is not in the data folder" in run.status.message


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(runs.FOLDER_VARIABLE, str(tmp_path / "file" / "runs"))
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


@pytest.fixture
def child():
    """Runs started by a test; whatever still trains at its end is killed."""
    started: list[runs.Run] = []
    yield started
    for run in started:
        if run.status.state in runs.LIVE and run.status.pid:
            psutil.Process(run.status.pid).kill()


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_a_job_trains_in_its_own_process_stops_and_resumes(child):
    run = jobs.start(configure("gan", seconds=120))
    child.append(run)
    until(lambda: run.status.step > 20)
    assert run.status.state == "running"
    assert run.status.pid != os.getpid()
    status = jobs.stop(run)
    assert status.state == "stopped"
    assert run.has_weights
    stopped_at = status.step
    assert gan_core.load(run).sample(2).shape == (2, 1, 28, 28)
    assert not run.stop_path.exists()

    jobs.resume(run)
    until(lambda: run.status.state == "running" and run.status.step > stopped_at)
    with pytest.raises(AtelierError, match="already"):
        jobs.resume(run)
    assert jobs.stop(run).state == "stopped"


def test_a_killed_job_is_lost_and_can_be_resumed(child):
    run = jobs.start(configure("gan", steps=400, seed=3))
    child.append(run)
    until(lambda: run.status.state == "running")
    os.kill(run.status.pid, signal.SIGKILL)
    until(lambda: run.status.state == "lost")
    assert "resumed" in run.status.message
    jobs.resume(run)
    assert runs.wait(run, 120).state == "finished"
    assert [r["step"] for r in run.records()[0]] == list(range(1, 401))


def test_no_more_runs_train_than_the_machine_takes(child, monkeypatch):
    monkeypatch.setenv(jobs.LIMIT_VARIABLE, "1")
    child.append(jobs.start(configure("gan", seconds=60)))
    with pytest.raises(AtelierError, match="1 at a time"):
        jobs.start(configure("gan", seconds=60))
    assert len(runs.own()) == 1


@pytest.fixture
def sine():
    """A finished run of curves."""
    run = runs.new(small("sine-mlp", steps=3))
    list(recorder.work(run))
    yield run
    if run.evaluating:
        psutil.Process(run.evaluating.pid).kill()


def test_an_evaluation_works_in_its_own_process(sine):
    assert (sine.evaluating, sine.evaluation, sine.evaluation_failure) == (None, None, None)
    jobs.evaluate(sine)
    assert sine.evaluating.pid != os.getpid()
    assert [run.id for run in jobs.evaluating()] == [sine.id]
    with pytest.raises(AtelierError, match="is being evaluated"):
        jobs.evaluate(sine)
    until(lambda: sine.evaluating is None)
    assert sine.evaluation["sine_rmse"] > 0
    assert sine.evaluation["step"] == 3
    assert sine.evaluation_failure is None
    assert sine.card_path.read_text() in sine.evaluation_log_path.read_text() + "\n"


def test_an_evaluation_that_fails_says_what_it_printed_last(sine):
    sine.weights.write_bytes(b"not a checkpoint")
    jobs.evaluate(sine)
    until(lambda: sine.evaluating is None)
    assert "is not a safetensors file" in sine.evaluation_failure
    assert sine.evaluation is None


def test_an_evaluation_that_was_killed_is_no_result(sine):
    runs.write_atomically(sine.evaluation_path, b'{"step": 1}')  # of an earlier evaluation
    jobs.evaluate(sine)
    psutil.Process(sine.evaluating.pid).kill()
    until(lambda: sine.evaluating is None)
    assert "killed" in sine.evaluation_failure


def test_what_cannot_be_evaluated_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path / "empty"))
    run = runs.new(small("gan", steps=1))
    assert "no weights" in jobs.obstacle(run)
    run.weights_path(1).touch()
    assert "still training" in jobs.obstacle(run)
    run.write_status(state="finished")
    assert "download mnist" in jobs.obstacle(run)
    fashion = run.config.model_copy(update={"data": "fashion-mnist"})
    runs.write_atomically(run.config_path, fashion.model_dump_json().encode())
    assert "reads digits only" in jobs.obstacle(run)
    with pytest.raises(AtelierError, match="reads digits only"):
        jobs.evaluate(run)
    assert not run.evaluating_path.exists()


@each_recipe
def test_parameters_are_counted_from_the_header_alone(variant, recipe):
    G, D = VARIANTS[variant].networks[recipe]()
    run = runs.new(small(variant, recipe))
    assert run.parameters is None
    run.weights_path(1).write_bytes(checkpoints.encode(checkpoints.weights_of(G, D)))
    assert run.parameters == {"G": sum(p.numel() for p in G.parameters()), "D": sum(p.numel() for p in D.parameters())}
    run.weights_path(2).write_bytes(b"\xff" * 64)
    assert run.parameters is None


def test_listing_runs_does_not_import_torch():
    script = "import sys; from gan_core import runs, jobs; runs.shipped(); runs.own(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
