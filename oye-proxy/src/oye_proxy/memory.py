"""What the garbage collector looks at while frames pass."""

import gc


def settle() -> None:
    """
    Leave all that is there now out of later collections.

    What the start made stays until the end, and to look through it stops every frame for up to a
    tenth of a second.
    """
    gc.collect()
    gc.freeze()
