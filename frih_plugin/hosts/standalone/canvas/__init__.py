"""The picture on the screen: tiles, zoom and pan, selection, and the pointer for the tools."""
