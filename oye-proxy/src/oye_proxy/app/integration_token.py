"""The API token of Home Assistant's integration, which the app announces to it."""

import asyncio
import logging
from pathlib import Path
from typing import Final

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.secrets_file import keep_integration_token, load_secrets

NAME: Final = "Home Assistant"

_logger = logging.getLogger(__name__)


async def ensure_integration_token(data_dir: Path, accounts: Accounts) -> None:
    """
    Make the token when there is none in force, and keep its text in `secrets.json`.

    A token that its owner revoked, or that a restored database does not know, is replaced by
    another one: nobody who had the old text comes in again.
    """
    kept = await asyncio.to_thread(load_secrets, data_dir)
    token = kept.integration_token
    if token is not None and await accounts.knows_token(token):
        return
    row, token = await accounts.add_token(NAME, Scope.CONTROL)
    await asyncio.to_thread(keep_integration_token, data_dir, token)
    _logger.info("made the API token %d for Home Assistant's integration", row.id)
