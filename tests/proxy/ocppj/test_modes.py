"""The words of the API for a charger's policy and its link; clients act on them."""

from oye_proxy.ocppj.modes import Link, Mode


def test_the_owner_s_policies() -> None:
    assert ["forward", "monitor", "standalone"] == [mode.value for mode in Mode]


def test_where_calls_go() -> None:
    assert ["connected", "holding", "standalone", "catching_up"] == [link.value for link in Link]
