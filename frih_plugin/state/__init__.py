"""What the panel shows and what a person may do, as observable state; no widgets."""
