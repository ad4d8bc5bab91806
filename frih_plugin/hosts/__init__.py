"""The editors that FRIH works in: one interface (host.py), one folder for each."""
