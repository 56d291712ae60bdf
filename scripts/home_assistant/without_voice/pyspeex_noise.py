"""Stands in for the second such package; see `pymicro_vad`."""


class AudioProcessor:
    """Would take the noise out of a recording."""
