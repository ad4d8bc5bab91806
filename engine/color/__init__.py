"""Colour: profiles, depth, the sRGB view, and the change carried to full resolution."""
