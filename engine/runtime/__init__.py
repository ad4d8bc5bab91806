"""Runs the weights: onnxruntime by default, torch as the other backend, one interface for both."""
