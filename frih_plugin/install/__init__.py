"""Installs the engine for an editor that has none: an environment in the person's own folder.

The way of an installation: checks (enough room, a folder that can be written) -> python (find one,
or unpack the one that came along) -> environment -> downloads -> libraries -> engine -> try it ->
the settings file that the hosts' entry files read (client.engine_command). `Installer` is the
observable state of it, panel.install_page shows it, `Doctor` says what is wrong later.
"""
