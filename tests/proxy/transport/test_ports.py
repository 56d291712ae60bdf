from oye_proxy.settings import Secret
from oye_proxy.transport.ports import Hello, LinkChange, LinkReason


def test_only_a_link_that_is_up_counts_as_connected() -> None:
    up = [reason for reason in LinkReason if LinkChange(reason=reason).connected]

    assert [LinkReason.CONNECTED] == up


def test_the_words_of_the_api() -> None:
    assert [
        "connected",
        "closed",
        "unreachable",
        "loop",
        "refused",
        "subprotocol",
        "off",
    ] == [reason.value for reason in LinkReason]


def test_secrets_are_not_shown() -> None:
    hello = Hello(raw_id="CP1", authorization=Secret("Basic eDp5"))

    assert "eDp5" not in f"{hello} {hello!r}"
