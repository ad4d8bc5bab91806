"""Opening and saving: flat pictures, TIFF with pages as layers, OpenRaster."""
