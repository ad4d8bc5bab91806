"""The `frih` command: harmonizes files and folders, and says what is installed."""
