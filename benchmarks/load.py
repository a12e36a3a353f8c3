"""A full room on one server: thirty sessions on the train and latent pages while the queue is full.

    python -m benchmarks.load [--sessions 30] [--minutes 10] [--moves 0.2]

Half of the sessions watch a training (each answers its page's clock as a browser does), half move on the latent page. Printed: the times of
all reruns, the server's memory per session, and the slope of its memory while everything goes on. Any error of the server ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.rerun import ROOT, Visitor, server
from gan_core import configure, jobs, runs, settings

FINE = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN}


@dataclass
class Watcher:
    """One browser tab on the page of a training: whenever the page's clock asks for it, it reruns that fragment."""

    address: str
    run: str
    times: list[float] = field(default_factory=list)
    "milliseconds from asking for a rerun to its end"
    page_hash: str = ""
    stage: str = ""
    "the widget of the stage"
    have: set[int] = field(default_factory=set)
    "steps whose snapshots this tab was sent"

    async def watch(self, until: float) -> None:
        """Opens the page and follows it until then [time.perf_counter()]."""
        address = self.address.replace("http", "ws") + "/_stcore/stream"
        async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            self.socket, self.asked = socket, time.perf_counter()
            await self._ask("")
            clocks: dict[str, tuple[float, float]] = {}  # fragment -> (interval, next time)
            while (now := time.perf_counter()) < until:
                due = min([until, *(at for _, at in clocks.values())])
                for fragment, (interval, at) in clocks.items():
                    if now >= at and not self.asked:
                        self.asked = now
                        await self._ask(fragment)
                        clocks[fragment] = (interval, now + interval)
                        break
                with contextlib.suppress(TimeoutError):
                    answer = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), max(0.02, min(due - now, 0.5))))
                    self._hear(answer, clocks)

    async def _ask(self, fragment: str) -> None:
        message = BackMsg()
        message.rerun_script.query_string = f"run={self.run}"
        if fragment:
            message.rerun_script.page_script_hash = self.page_hash
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            if self.stage:  # as stage_frames.js does: it says what it has, and is not sent it again
                have = json.dumps({"have": {"frames": sorted(self.have)}})
                message.rerun_script.widget_states.widgets.append(WidgetState(id=self.stage, json_value=have))
        else:
            message.rerun_script.page_name = "lab"
        await self.socket.send(message.SerializeToString())

    def _hear(self, answer: ForwardMsg, clocks: dict[str, tuple[float, float]]) -> None:
        kind = answer.WhichOneof("type")
        if kind == "navigation":
            self.page_hash = answer.navigation.page_script_hash
        elif kind == "auto_rerun":
            clock = answer.auto_rerun
            clocks[clock.fragment_id] = (clock.interval, time.perf_counter() + clock.interval)
        elif kind == "stop_auto_rerun":
            clocks.clear()
        elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(f"The page showed an error: {answer.delta.new_element.exception.message}")
        elif kind == "delta" and "stage" in answer.delta.new_element.bidi_component.component_name:
            self._take(answer.delta.new_element.bidi_component)
        elif kind == "script_finished":
            if answer.script_finished not in FINE:
                raise RuntimeError(f"A rerun ended with {ForwardMsg.ScriptFinishedStatus.Name(answer.script_finished)}.")
            if self.asked:
                self.times.append((time.perf_counter() - self.asked) * 1000)
                self.asked = 0.0

    def _take(self, sent: BidiComponent) -> None:
        self.stage = sent.id
        self.have |= {frame["step"] for frame in json.loads(sent.json)["frames"]}


async def explore(tab: Visitor, rate: float, until: float, times: list[float]) -> None:
    """Opens the latent page and moves `rate` times a second until then."""
    await tab.open()
    i = 0
    while time.perf_counter() < until:
        await asyncio.sleep(1 / rate)
        i += 1
        times.append(await tab.move((i * 7 % 97 + 1) / 98))
    await tab.socket.close()


async def remember(server_process: psutil.Process, until: float, kept: list[tuple[float, float]]) -> None:
    """Notes the server's memory [MiB] every second."""
    begun = time.perf_counter()
    while time.perf_counter() < until:
        kept.append((time.perf_counter() - begun, server_process.memory_info().rss / 2**20))
        await asyncio.sleep(1)


def fill_the_queue(count: int) -> list[runs.Run]:
    """So many trainings that outlast the measurement, of variants of different weight."""
    wanted = ["gan", "cgan", "dcgan", "sine-mlp"]
    return [jobs.submit(configure(wanted[i % len(wanted)], "stable", seconds=36_000), owner=f"load-{i}") for i in range(count)]


async def measure(
    address: str, process: psutil.Process, own: list[runs.Run], drawn: str, sessions: int, minutes: float, moves: float
) -> None:
    """Prints what so many sessions cost."""
    alone = process.memory_info().rss / 2**20
    until = time.perf_counter() + 60 * minutes
    watchers = [Watcher(address, own[i % len(own)].id) for i in range(sessions // 2)]
    tabs = [Visitor(address, drawn) for _ in range(sessions - len(watchers))]
    moved: list[list[float]] = [[] for _ in tabs]
    memory: list[tuple[float, float]] = []
    work = [watcher.watch(until) for watcher in watchers] + [explore(t, moves, until, m) for t, m in zip(tabs, moved, strict=True)]
    await asyncio.gather(remember(process, until, memory), *work)

    def said(name: str, values: list[float]) -> None:
        late = sorted(values)[int(0.95 * (len(values) - 1))]
        print(f"{name}: {len(values)} reruns, median {statistics.median(values):.0f} ms, 95th {late:.0f} ms")

    said("train page, its clock", [ms for watcher in watchers for ms in watcher.times[1:]])
    said("latent page, a move", [ms for each in moved for ms in each])
    settled = np.array([each for each in memory if each[0] > min(60, 20 * minutes)])
    slope = np.polyfit(settled[:, 0] / 60, settled[:, 1], 1)[0]
    mean = settled[:, 1].mean()
    print(
        f"server memory: {alone:.0f} MiB before, {mean:.0f} MiB with {sessions} sessions, {(mean - alone) / sessions:.1f} MiB a session",
        end="",
    )
    print(f" (torch's import and one model included); slope {slope:+.2f} MiB/min")


def main() -> None:
    """Fills the queue, serves, measures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sessions", type=int, default=30)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--moves", type=float, default=0.2, help="moves of each latent page a second")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ[settings.variable("runs")] = str(Path(folder) / "runs")
        command = [sys.executable, "-m", "gan_core", "train", "gan", "--steps", "20"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (drawn,) = runs.own()
        with server(Path(folder)) as app:
            own = fill_the_queue(jobs.slots() + 2)
            print(f"{asked.sessions} sessions, {jobs.slots()} trainings at once and 2 waiting, {os.cpu_count()} cores")
            try:
                asyncio.run(measure(app.address, app.process, own, drawn.id, asked.sessions, asked.minutes, asked.moves))
            finally:
                for run in reversed(own):
                    jobs.stop(run, patience=10.0)


if __name__ == "__main__":
    main()
