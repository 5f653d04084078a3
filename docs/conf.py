"""How the documentation is built: Sphinx, Furo, MyST; from this folder alone, without a look at any other machine."""

from importlib.metadata import version as installed_version

project = "recoverycore"
author = "the recoverycore contributors"
project_copyright = "the recoverycore contributors"
version = release = installed_version("recoverycore")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "recoverycore"
html_copy_source = False

# A heading can be linked to, down to the third: an error code stands there.
myst_heading_anchors = 3
nitpicky = True
