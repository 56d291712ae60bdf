"""
Stands in for a package that Home Assistant's voice assistant wants, and that must be compiled.

All actions of Home Assistant can only be described when it can be imported. Nobody speaks here.
"""


class MicroVad:
    """Would find speech in a recording."""
