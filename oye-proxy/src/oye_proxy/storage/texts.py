"""Texts that strangers chose, made such that every database takes them."""

LENGTH = 255


def storable(text: str, length: int | None = LENGTH) -> str:
    """Bound a text, and keep it free of what databases do not store."""
    text = text[:length]
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "?").encode("utf-8", "replace").decode()
