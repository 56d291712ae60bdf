"""
Every exception that OYE raises on purpose.

```
OyeError
├── SettingsError                      names the setting and the source of its value; exit 2
├── FrameError                         not an OCPP-J frame: recorded, still forwarded
├── RewriteError                       a value cannot be replaced: the frame goes on unchanged
├── InvalidRequestError 400            LinkExpiredError (a link for a new password),
│                                      InvalidPayloadError (schemas are enforced),
│                                      OwnAddressError (the address of a CSMS leads back here)
├── AccessError                        NotAuthenticatedError 401, NotPermittedError 403
├── ChargerUnknownError 404            never seen
├── ChargerNotConnectedError 503
├── ConflictError 409                  ChargerNotAcceptedError (boot Pending, Rejected),
│                                      ChargerReadOnlyError, ConfirmationRequiredError,
│                                      NotSupportedError (the charger's version has no such command)
│                                      MailNotConfiguredError
├── TooManyRequestsError 429           carries retry_after
├── InjectionError                     InjectionRejectedError 502, InjectionTimeoutError 504,
│                                      InjectionAbortedError 503 (the charger left first)
├── TransportError                     CsmsUnreachableError (CsmsLoopError), CsmsRefusedError,
│                                      AdmissionError (a charger's handshake is refused)
├── MailError 502                      the mail server is away or refuses
├── CertificateError                   a certificate or its key cannot be used; the text says why
├── SupervisorError                    Home Assistant does not do what the app asks of it
└── StorageError                       MigrationError
```

The type says whose fault it is: `FrameError` and `TransportError` are the world's, errors with a
status are the caller's or the charger's. Anything else that is raised is a bug.
"""

from typing import Any


class OyeError(Exception):
    """Base of all; its text is a sentence for the person who caused it."""


class SettingsError(OyeError):
    """A setting has no usable value; the text names the setting and where its value came from."""


class FrameError(OyeError):
    """A WebSocket message is not an OCPP-J frame; subclassed where more is known."""


class RewriteError(OyeError):
    """A value of a frame cannot be replaced safely: forward the frame unchanged, and alert."""


class InvalidRequestError(OyeError):
    """The caller's request cannot be understood."""


class InvalidPayloadError(InvalidRequestError):
    """A command of the owner breaks the schema of its action, and schemas are enforced."""

    def __init__(self, action: str, violation: str) -> None:
        super().__init__(f"The payload is no {action}: {violation}; ocpp.validation is enforce")


class OwnAddressError(InvalidRequestError):
    """The address that is given for a CSMS leads back to this proxy."""

    def __init__(
        self,
        message: str = "This address leads back to this proxy: give the one of your operator",
    ) -> None:
        super().__init__(message)


class LinkExpiredError(InvalidRequestError):
    """A link for a new password is used up, too old or none."""


class AccessError(OyeError):
    """The caller may not do this."""


class NotAuthenticatedError(AccessError):
    """The caller did not prove who they are."""


class NotPermittedError(AccessError):
    """The caller is known but lacks the scope."""


class ChargerUnknownError(OyeError):
    """No charger of this id was ever seen."""


class ChargerNotConnectedError(OyeError):
    """The charger has no open connection."""

    def __init__(self, message: str = "Charger not connected") -> None:
        super().__init__(message)


class ConflictError(OyeError):
    """The charger's or the proxy's present state forbids the request."""


class ChargerNotAcceptedError(ConflictError):
    """The charger's boot was answered Pending or Rejected (C16 4.2, B02.FR.05, B03.FR.03)."""


class ChargerReadOnlyError(ConflictError):
    """The owner's policy for this charger is `monitor`."""


class NotSupportedError(ConflictError):
    """The charger's OCPP version, or what it told of itself, has no such command."""


class MailNotConfiguredError(ConflictError):
    """The proxy sends no mail; the text says which other way there is."""


class ConfirmationRequiredError(ConflictError):
    """The command can lock the owner out or do harm; `guard` is `lockout` or `danger`."""

    def __init__(self, message: str, guard: str) -> None:
        super().__init__(message)
        self.guard = guard


class TooManyRequestsError(OyeError):
    """A limit was reached; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class InjectionError(OyeError):
    """An injected CALL that was accepted for sending did not end in a CALLRESULT."""

    def __init__(self, message: str, message_id: str) -> None:
        super().__init__(message)
        self.message_id = message_id


class InjectionRejectedError(InjectionError):
    """The charger answered with a CALLERROR: its code, description and details."""

    def __init__(self, message_id: str, code: str, description: str, details: Any) -> None:
        super().__init__(f"{code}: {description}" if description else code, message_id)
        self.error_code = code
        self.description = description
        self.details = details


class InjectionTimeoutError(InjectionError):
    """The charger did not answer in time."""


class InjectionAbortedError(InjectionError):
    """The CALL was not sent, or the charger left before it answered."""


class TransportError(OyeError):
    """A peer could not be reached or broke the WebSocket protocol."""


class CsmsUnreachableError(TransportError):
    """The CSMS is away: DNS, TCP, TLS, time-out, 429 or 5xx."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CsmsLoopError(CsmsUnreachableError):
    """The address of the CSMS leads back to this proxy: its dial arrived at its own door."""

    def __init__(self) -> None:
        super().__init__("the address of the CSMS leads back to this proxy")


class CsmsRefusedError(TransportError):
    """The CSMS answered the handshake with a 4xx: a decision, not an outage."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(f"the CSMS refused the handshake with HTTP {status}")
        self.status = status
        self.headers = headers


class AdmissionError(TransportError):
    """A charger's handshake is refused with this HTTP status, before anything else happens."""

    def __init__(self, status: int, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after


class MailError(OyeError):
    """A mail could not be sent; the text says why."""


class CertificateError(OyeError):
    """A certificate with its key cannot be read, made or used."""


class SupervisorError(OyeError):
    """Supervisor, or Core behind it, is away or refuses; the text is a sentence."""


class StorageError(OyeError):
    """The database did not do what was asked; the text says what to do."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        # The row is at fault: the database works, and will not take it later either.
        super().__init__(message)
        self.refused = refused


class MigrationError(StorageError):
    """The database is of a newer version, or its migration failed."""
