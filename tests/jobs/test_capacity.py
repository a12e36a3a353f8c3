"""How much of a machine this process may use: its cores, less what its affinity and its container take away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_core.jobs import capacity


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The control groups of a machine of sixteen cores."""
    monkeypatch.setattr(capacity, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(capacity, "OWN_CGROUPS", tmp_path / "self")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    return tmp_path


def granted(groups: Path, folder: str, **files: str) -> None:
    (groups / "cgroup" / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (groups / "cgroup" / folder / name.replace("cpu_", "cpu.", 1)).write_text(f"{content}\n")


def test_without_a_container_it_is_the_affinity(groups):
    assert capacity.cores() == 16
    (groups / "self").write_text("0::/user.slice\n")
    assert capacity.cores() == 16
    granted(groups, "user.slice", cpu_max="max 100000")
    assert capacity.cores() == 16


@pytest.mark.parametrize(("quota", "cores"), [("200000 100000", 2), ("250000 100000", 2), ("50000 100000", 1), ("9900000 100000", 16)])
def test_a_containers_share_counts_in_whole_cores(groups, quota, cores):
    (groups / "self").write_text("0::/\n")
    granted(groups, "", cpu_max=quota)
    assert capacity.cores() == cores
    assert capacity.slots() == cores
    assert capacity.threads() == max(1, cores - 1)


def test_the_narrowest_of_the_groups_above_counts(groups):
    (groups / "self").write_text("0::/pod/container\n")
    granted(groups, "pod/container", cpu_max="800000 100000")
    granted(groups, "pod", cpu_max="300000 100000")
    assert capacity.cores() == 3


def test_the_first_version_of_control_groups(groups):
    """Inside a container the path is often the host's, and its folder is not there; the limit lies at the top."""
    (groups / "self").write_text("4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n2:name=systemd:/\n")
    granted(groups, "cpu", cpu_cfs_quota_us="-1", cpu_cfs_period_us="100000")
    assert capacity.cores() == 16
    granted(groups, "cpu", cpu_cfs_quota_us="400000")
    assert capacity.cores() == 4


def test_what_cannot_be_understood_is_no_limit(groups):
    (groups / "self").write_text("0::/\n")
    granted(groups, "", cpu_max="soup")
    assert capacity.cores() == 16


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_a_process_on_one_core_trains_one_run_with_one_thread():
    one = min(os.sched_getaffinity(0))
    script = (
        f"import os; os.sched_setaffinity(0, [{one}])\n"
        "from gan_core import jobs\nprint(jobs.slots(), jobs.threads(), jobs.threads(sharing=2))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "GAN_ATELIER_MAX_RUNS"}
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert told.stdout == "1 1 1\n"
