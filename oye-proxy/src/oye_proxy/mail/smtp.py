"""One mail to one mail server; whatever goes wrong becomes a sentence."""

import asyncio
import ssl
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from oye_proxy.errors import MailError
from oye_proxy.mail.options import MailOptions
from oye_proxy.settings import MailSecurity

STEP_SECONDS: Final = 15.0
SEND_SECONDS: Final = 45.0
_MAX_ANSWER: Final = 200


async def send(message: EmailMessage, options: MailOptions, password: str | None) -> None:
    """Hand a mail to the server; raise MailError."""
    # Reading the system's certificates waits for the disk.
    tls = await asyncio.to_thread(ssl.create_default_context)
    signs_in = options.username is not None and password is not None
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await aiosmtplib.send(
                message,
                hostname=options.server,
                port=options.port_in_use,
                username=options.username if signs_in else None,
                password=password if signs_in else None,
                local_hostname=options.sender_domain,
                timeout=STEP_SECONDS,
                use_tls=options.security is MailSecurity.TLS,
                start_tls=options.security is MailSecurity.STARTTLS,
                tls_context=None if options.security is MailSecurity.NONE else tls,
            )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return "The mail server refuses the user name or the password"
        case aiosmtplib.SMTPRecipientsRefused() | aiosmtplib.SMTPRecipientRefused():
            return "The mail server refuses the recipient's address"
        case aiosmtplib.SMTPSenderRefused():
            return f"The mail server refuses the sender's address: {_answer(error)}"
        case aiosmtplib.SMTPResponseException():
            return f"The mail server refuses: {_answer(error)}"
        case TimeoutError():
            return "The mail server does not answer in time"
        case aiosmtplib.SMTPServerDisconnected():
            return "The mail server ended the connection"
        case _ if _caused_by(error, ssl.SSLCertVerificationError):
            return "The mail server's certificate is not trusted"
        case _ if _caused_by(error, ssl.SSLError):
            return "The mail server does not speak TLS on this port: choose another security"
        case aiosmtplib.SMTPException() if not isinstance(error, OSError):
            return f"The mail server cannot do what is asked of it: {_plain(error.message)}"
        case _:
            return "The mail server cannot be reached: check its name and port"


def _answer(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {_plain(error.message)}"


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[
        :_MAX_ANSWER
    ]


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
