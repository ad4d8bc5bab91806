"""Picture files: PNG, JPEG, TIFF and WebP, 8 and 16 bit, read upright and written as they were.

    picture_file = read_picture(path)            # .picture, .format, .metadata
    mask = fit_mask_to(picture_file, read_mask(mask_path))
    check_writable(out_path, picture_file.picture)   # before any work
    notes = write_picture(out_path, result, like=picture_file)

Nothing is converted: pixels stay in the file's own colour space and depth, and the ICC bytes go
with the Picture (engine.color.profiles makes the sRGB view). Every failure is a BadInputError
(reading) or an OutputError (writing) with one sentence that names the file.
"""

from engine.files.mask import fit_mask_to, read_mask
from engine.files.picture_file import FileFormat, Metadata, PictureFile
from engine.files.read import read_picture
from engine.files.write import check_writable, write_picture

__all__ = [
    "FileFormat",
    "Metadata",
    "PictureFile",
    "check_writable",
    "fit_mask_to",
    "read_mask",
    "read_picture",
    "write_picture",
]
