"""The panel's widgets: they show a PanelState and pass on what a person does; no decisions."""
