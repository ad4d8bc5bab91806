"""Krita 5 and 6: the panel as a docker, in Krita's own process.

entry        what the plug-in's `__init__.py` calls
dock         the docker; makes the panel when it is first shown
extension    the action with its menu entry and shortcut
wiring       host, engine and state, one of each for all windows
host         requests one after the other, each in small steps
steps        how a request is cut up, so that Krita stays quick
documents    the open documents and their keys
watch        tells when what is selected may differ
nodes        walking the tree of layers
selected     which layers are the object
subject      what is selected, and why it cannot be used
revision     a stamp of all that a grab depends on
grab, put    pixels out, result in
spaces       which pixels go to the engine as they are, and how the others are converted
pixel_reads  pixels of layers and pictures, band by band
blend_modes  Krita's names for OpenRaster's
results      which layers are results of ours, kept with the document
linear_srgb  the one profile that Krita uses and cannot hand over
"""
