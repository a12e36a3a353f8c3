"""How is a file written safely? Atomic writes, JSON lines, checked safetensors, live processes."""
