"""How does it learn? The step, the loop, the state, probes, events, CUDA graphs."""
