"""Who trains next? The queue, launcher, worker, recorder."""
