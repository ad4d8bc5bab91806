"""`python -m engine.server`."""

from __future__ import annotations

from engine.server.main import main

if __name__ == "__main__":
    main()
