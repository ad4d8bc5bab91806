"""The messages between editor and engine: the one package that both sides import.

Standard library only, no Qt, no input or output, so that it loads in any editor's own Python.
"""
