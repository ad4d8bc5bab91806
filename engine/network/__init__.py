"""The paper's two-stage network, one file a block; `config` and `inference_weights` need no torch."""
