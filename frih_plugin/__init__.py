"""The part of FRIH Harmonize that runs inside an image editor; importing it has no side effects."""
