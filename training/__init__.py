"""Makes the weights that the engine runs: data, synthesis, losses, the loop, evaluation, export."""
