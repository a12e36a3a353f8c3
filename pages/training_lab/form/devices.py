"""Which devices can be offered for training, without importing torch for it."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from gan_core.translation import N_

NAMES = {"cpu": "CPU", "cuda": N_("GPU (CUDA)"), "mps": N_("GPU (Apple)")}


def bfloat16() -> bool | None:
    """Has the processor arithmetic for bfloat16? None where that cannot be told. (A processor without it computes it, slowly.)"""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return True if sys.platform == "darwin" and platform.machine() == "arm64" else None
    return any(flag in flags for flag in ("avx512_bf16", "amx_bf16", " bf16"))


def offered() -> list[str]:
    """Devices this machine seems to have. Exact once torch is imported; before that, by the driver's traces."""
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "cuda") and hasattr(torch, "backends"):
        there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    else:
        there = {
            "cuda": Path("/proc/driver/nvidia/version").exists(),
            "mps": sys.platform == "darwin" and platform.machine() == "arm64",
        }
    return [*(name for name in ("cuda", "mps") if there[name]), "cpu"]
