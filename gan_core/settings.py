"""Where this installation lies."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
"the folder that holds gan_core, pages and checkpoints"
