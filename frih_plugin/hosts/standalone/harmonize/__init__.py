"""What the Harmonize panel asks of our editor, answered from its immutable documents.

wire_pixels   pictures to the protocol's pixels and back
sources       which layers are the object, which are earlier results of it
subject       what is selected, and why it cannot be used
grab          the object's pixels and what it lies on
put           a document with the result in it
"""
