"""The messages between editor and engine: the one package that both sides import.

Standard library only, no Qt, no input or output, so that it loads in any editor's own Python.

framing     bytes to frames and back: header lines, a JSON body, raw blocks
pixels      what a picture looks like on the wire
messages    requests, answers and notifications as frozen data classes
codec       messages to frames and back (JSON-RPC 2.0)
"""

PROTOCOL_VERSION = 3
"""Counts up with every change that an older side would not understand; as in plugin.json."""
