"""The paper's two-stage network, a file a block; `config` and `inference_weights` need no torch."""
