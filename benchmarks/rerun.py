"""Times the latent page: from a hand that rests to the end of the server's answer, for one visitor and for ten.

    python benchmarks/rerun.py [--variant gan] [--recipe stable] [--seconds 20]

Starts the server itself and speaks to it as a browser does (websocket, the messages of the streamlit package), without drawing.
A queue that grows would show as a latency that grows from second to second, so that is printed as well.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from gan_core import settings
from tests.browser.driver import server

ROOT = Path(__file__).parents[1]

Timing = tuple[float, float]  # when it was sent [s since the start], how long it took [ms]
TARGET_MS = 60.0
EXPLORER = "gan_atelier_explorer"


class Visitor:
    """One browser tab on the latent page."""

    def __init__(self, address: str, run: str) -> None:
        self.address = address.replace("http", "ws") + "/_stcore/stream"
        self.run = run
        self.explorer = ""
        self.fragment = ""
        self.page_hash = ""
        self.widgets: dict[str, WidgetState] = {}
        self.data: dict[str, Any] = {}

    async def open(self) -> None:
        """Opens the page and waits until it is drawn."""
        self.socket = await websockets.connect(self.address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        message = BackMsg()
        message.rerun_script.query_string = f"run={self.run}"
        message.rerun_script.page_name = "latent"
        await self.socket.send(message.SerializeToString())
        while True:
            answer = await self._next()
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.page_hash = answer.navigation.page_script_hash
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "bidi_component":
                component = answer.delta.new_element.bidi_component
                if component.component_name.endswith(EXPLORER):
                    self.explorer, self.fragment, self.data = component.id, answer.delta.fragment_id, json.loads(component.json)
            elif kind == "script_finished":
                break
        if not self.explorer or not self.fragment:
            raise RuntimeError("The latent page showed no explorer.")

    async def move(self, part: float) -> float:
        """Says that the hand rests with the first coordinate of z at `part`; gives the time until the rerun is over [ms]."""
        drawn = np.frombuffer(base64.b64decode(self.data["drawn"][str(self.data["seed"])]), "<f4").tolist()
        z = [round(part, 2), *drawn[1:]]
        point = {"owner": self.data["owner"], "code": f"m0.{round(100 * part)}", "z": z, "y": None}
        state = WidgetState(id=self.explorer, json_value=json.dumps({"point": point}))
        message = BackMsg()
        message.rerun_script.query_string = f"run={self.run}"
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.fragment_id = self.fragment
        message.rerun_script.widget_states.widgets.append(state)
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        drawn = False
        while True:
            answer = await self._next()
            kind = answer.WhichOneof("type")
            drawn = drawn or (kind == "delta" and "**D**" in answer.delta.new_element.markdown.body)
            if kind == "script_finished":
                if answer.script_finished != ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                    raise RuntimeError(f"The rerun ended with {ForwardMsg.ScriptFinishedStatus.Name(answer.script_finished)}.")
                if not drawn:
                    raise RuntimeError("The rerun did not say what D thinks.")
                return (time.perf_counter() - begun) * 1000

    async def _next(self) -> ForwardMsg:
        return ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), 120))


async def drive(visitor: Visitor, rate: float, seconds: float, offset: float, begun: float) -> list[Timing]:
    """Moves `rate` times a second, whether or not the answers keep up; timings from the intended moment on."""
    timings = []
    await asyncio.sleep(offset)
    for i in range(int(rate * seconds)):
        due = begun + offset + i / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await visitor.move((i * 7 % 97 + 1) / 98)
        timings.append((due - begun, (time.perf_counter() - due) * 1000))
    return timings


async def measure(address: str, run: str, visitors: int, rate: float, seconds: float) -> float:
    """Prints and gives the median latency of so many visitors [ms]."""
    tabs = [Visitor(address, run) for _ in range(visitors)]
    for tab in tabs:
        await tab.open()
    await asyncio.sleep(6)  # torch is imported and frozen by then
    for tab in tabs:
        await tab.move(0.5)
    begun = time.perf_counter()
    results = await asyncio.gather(*(drive(tab, rate, seconds, i / (rate * visitors), begun) for i, tab in enumerate(tabs)))
    for tab in tabs:
        await tab.socket.close()
    timings = sorted(t for result in results for t in result)
    values = sorted(ms for _, ms in timings)
    median, p95 = statistics.median(values), values[int(0.95 * (len(values) - 1))]
    print(f"\n{visitors} visitor(s), {rate:g} move(s)/s each, {len(values)} moves:", end=" ")
    print(f"median {median:.1f} ms, p95 {p95:.1f} ms, max {values[-1]:.1f} ms")
    by_second = [[ms for at, ms in timings if int(at) == s] for s in range(int(seconds))]
    print("median of each second [ms]: " + " ".join(f"{statistics.median(v):.0f}" for v in by_second if v))
    first, last = (statistics.median(ms for _, ms in part) for part in (timings[: len(timings) // 3], timings[-(len(timings) // 3) :]))
    print(f"first third {first:.1f} ms, last third {last:.1f} ms: " + ("a queue grows" if last > 2 * first + 20 else "no queue grows"))
    return median


def main() -> None:
    """Trains a network of a few steps, serves it, measures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--variant", default="gan")
    options.add_argument("--recipe", default="stable")
    options.add_argument("--seconds", type=float, default=20.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {settings.variable("runs"): str(Path(folder) / "runs")}
        command = [sys.executable, "-m", "gan_core", "train", asked.variant, "--recipe", asked.recipe, "--steps", "20"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (run,) = (path.parent.name for path in (Path(folder) / "runs").glob("*/config.json"))
        with server(Path(folder)) as app:
            print(f"latent page of {run}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
            median = asyncio.run(measure(app.address, run, 1, 2.0, asked.seconds))
            print(f"target: {TARGET_MS:g} ms: " + ("met" if median <= TARGET_MS else "missed"))
            asyncio.run(measure(app.address, run, 10, 1.0, asked.seconds))


if __name__ == "__main__":
    main()
