from oye_proxy.settings import Secret
from oye_proxy.transport.ports import Hello, LinkChange


def test_only_a_link_that_is_up_counts_as_connected() -> None:
    reasons = ("connected", "closed", "unreachable", "refused", "subprotocol", "off")

    assert ["connected"] == [why for why in reasons if LinkChange(reason=why).connected]


def test_secrets_are_not_shown() -> None:
    hello = Hello(raw_id="CP1", authorization=Secret("Basic eDp5"))

    assert "eDp5" not in f"{hello} {hello!r}"
