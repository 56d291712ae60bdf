"""The settings as they are declared."""

from oye_proxy.settings import Secret, Settings, effective


def test_a_secret_is_never_shown() -> None:
    secret = Secret("hunter2!")

    assert "***" == str(secret) == repr(secret) == f"{secret}"
    assert "hunter2!" == secret.reveal()


def test_every_setting_says_what_it_is() -> None:
    assert [] == [row.name for row in effective(Settings()) if not row.description]
