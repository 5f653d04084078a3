"""Crisis lines and services of Canada, as the plugin ``ca.lines``: data, and nothing that runs by itself.

``lines.json`` holds directory entries as they are shown, each with its sources and the day of the newest copy that carries it.
"""

from recoverycore.hooks import packaged_lines

__all__ = ["plugin"]

plugin = packaged_lines(__package__)
