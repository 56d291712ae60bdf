from oye_proxy.settings import Settings
from oye_proxy.settings.aliases import ALIASES, without_effect
from oye_proxy.settings.sources import fields_of


def test_every_alias_stands_for_a_setting() -> None:
    assert {alias.setting for alias in ALIASES} <= set(fields_of(Settings))


def test_no_alias_is_said_to_have_no_effect() -> None:
    assert [] == without_effect({alias.name: "1" for alias in ALIASES})
