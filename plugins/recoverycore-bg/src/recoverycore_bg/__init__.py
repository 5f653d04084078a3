"""Crisis lines and services of Bulgaria: data, and the plugin that it is; nothing that runs by itself.

``lines.json`` holds directory entries as they are shown, each with its sources and the day of the newest copy that carries it.
"""

from recoverycore.hooks import packaged_lines

__all__ = ["plugin"]

plugin = packaged_lines(__name__)
