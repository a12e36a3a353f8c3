"""What is a run? Folders, status, run, store (no torch)."""
