"""The lines of Python that draw one image again, exactly."""

from __future__ import annotations

import base64
import textwrap
from typing import TYPE_CHECKING

from gan_core import settings

if TYPE_CHECKING:
    from gan_core.trained.model import Trained
    from gan_core.types import ClassWeights, Latents

FEW = 8  # coordinates moved by hand, at most, that are written one by one


def lines_of(model: Trained, z: Latents, y: ClassWeights | None = None, seed: int | None = None, row: int = 0) -> str:
    """About ten lines of Python that draw exactly G(z, y) again, z [1, Z] and y [1, K].

    If z is what `seed` draws as its row of that number, but for at most FEW coordinates, it is written so; else as its bytes.
    """
    run = model.run.id
    where = "" if model.run.shipped else f"  # {settings.variable('runs')} must name the folder of this run"
    images = model.variant.kind == "images"
    lines = [f"run = gan_core.load({run!r}){where}"]
    drawn = None if seed is None else model.latents(row + 1, seed)[row:]
    changed = [] if drawn is None else (drawn != z)[0].nonzero().flatten().tolist()
    as_bytes = drawn is None or len(changed) > FEW
    if as_bytes:
        text = textwrap.wrap(base64.b64encode(z[0].float().numpy().astype("<f4").tobytes()).decode(), 96)
        lines += ["z = base64.b64decode(  # its coordinates as float32", *(f'    "{part}"' for part in text), ")"]
        lines.append("z = torch.frombuffer(bytearray(z), dtype=torch.float32).view(1, -1)")
    else:
        of = f"{row + 1}, seed={seed})[{row}:]" if row else f"1, seed={seed})"
        lines.append(f"z = run.latents({of}  # [1, {z.shape[1]}], drawn from {model.prior}")
        lines += [f"z[0, {i}] = {z[0, i].item()!r}" for i in changed]
    if y is not None:
        one = bool((y == 1).any())
        lines.append(
            f"y = torch.tensor([{int(y.argmax())}])  # the class" if one else f"y = torch.tensor({y.tolist()})  # shares of the classes"
        )
    lines.append(f"x = run.generate(z{'' if y is None else ', y'})")
    if images:
        lines.append('Image.fromarray(run.grey(x)[0]).resize((280, 280), 0).save("sample.png")')
    else:
        lines.append("print(list(zip(run.abscissae, x[0].tolist())))")
    needed = ["import base64", ""] if as_bytes else []
    needed += ["import gan_core", *(["import torch"] if as_bytes or y is not None else []), *(["from PIL import Image"] if images else [])]
    return "\n".join([*needed, "", *lines]) + "\n"
