"""What leaves? The archive, ONNX, the browser's engine, the snippet."""
