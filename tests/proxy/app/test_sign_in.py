"""The console's way in, made of settings and a database."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from oye_proxy.app.sign_in import open_sign_in
from oye_proxy.errors import SettingsError
from oye_proxy.settings import MailSettings, ServerSettings, Settings, StorageSettings
from oye_proxy.storage.database import Database


def settings(folder: Path, mail: MailSettings, socket: Path | None = None) -> Settings:
    return Settings(
        storage=StorageSettings(data_dir=folder, memory=True),
        server=ServerSettings(ingress_socket=socket),
        mail=mail,
    )


@pytest.mark.parametrize("in_app", [False, True])
async def test_only_the_app_offers_no_mail(
    database: Database, tmp_path: Path, *, in_app: bool
) -> None:
    mail = MailSettings(
        server="mail.example.org", sender="oye@example.org", public_url="https://oye.example.org"
    )
    socket = tmp_path / "ingress.sock" if in_app else None
    async with AsyncExitStack() as stack:
        sign_in = await open_sign_in(settings(tmp_path, mail, socket), database, stack)

        assert (not in_app, not in_app) == (sign_in.mail.offered, sign_in.mail.configured)


async def test_mail_settings_that_cannot_be_used_stop_the_start(
    database: Database, tmp_path: Path
) -> None:
    bad = MailSettings(server="mail.example.org", public_url="nowhere")
    async with AsyncExitStack() as stack:
        with pytest.raises(SettingsError, match=r"^mail: publicUrl: "):
            await open_sign_in(settings(tmp_path, bad), database, stack)
