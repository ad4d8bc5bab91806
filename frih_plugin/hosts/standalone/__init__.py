"""The small editor: an application of ours, in our own environment, with the panel docked."""
