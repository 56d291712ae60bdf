"""Mail by SMTP: what it needs, its texts, and the way to the server."""

from oye_proxy.mail.mail import Mail, MailChange
from oye_proxy.mail.options import MailOptions, check_address
from oye_proxy.mail.texts import load_mail_texts

__all__ = ["Mail", "MailChange", "MailOptions", "check_address", "load_mail_texts"]
