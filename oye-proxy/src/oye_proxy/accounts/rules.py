"""What names and passwords must look like, and how secrets are made."""

import base64
import hashlib
import secrets
import string
from typing import Final

from oye_proxy.errors import InvalidRequestError

PASSWORD_LENGTH: Final = 8
LONGEST_PASSWORD: Final = 1024
MAX_NAME: Final = 64

_GENERATED_LENGTH: Final = 16


def is_name(username: str) -> bool:
    """Tell whether a user can have this name."""
    return 1 <= len(username) <= MAX_NAME and username.isprintable() and ":" not in username


def check_password(password: str, what: str = "The password") -> None:
    """Raise InvalidRequestError for a password that is too short or too long."""
    if len(password) < PASSWORD_LENGTH:
        raise InvalidRequestError(f"{what} must be at least {PASSWORD_LENGTH} characters long")
    if len(password.encode("utf-8", "surrogatepass")) > LONGEST_PASSWORD:
        raise InvalidRequestError(f"{what} must be at most {LONGEST_PASSWORD} bytes long")


def generated_password() -> str:
    """Return a random password that a person can copy."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(_GENERATED_LENGTH))


def secret_hash(token: str) -> str:
    """Return what is stored of a random secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_secret() -> str:
    """Return 256 random bits as text for a cookie, a link or a header."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
