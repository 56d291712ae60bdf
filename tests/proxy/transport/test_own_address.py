"""Which addresses of a CSMS lead back to this proxy."""

import pytest

from oye_proxy.transport.own_address import OwnAddress


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ws://127.0.0.1:8080/ocpp", True),
        ("ws://localhost:8080/nothing/{id}", True),
        ("ws://[::1]:8080", True),
        ("ws://0.0.0.0:8080", True),
        ("ws://127.0.0.1:8081/ocpp", False),
        ("ws://192.0.2.1:8080/ocpp", False),
        ("wss://csms.invalid:8080/ocpp", False),
        ("ws://" + "x" * 70 + ":8080", False),
        ("nonsense", False),
    ],
)
async def test_the_own_port_counts_on_this_machine_alone(url: str, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert expected == await OwnAddress("", 8080).leads_here(url)


@pytest.mark.parametrize(
    ("url", "expected"), [("ws://127.0.0.1:8080", False), ("ws://127.0.0.2:8080", True)]
)
async def test_who_listens_at_one_address_is_not_at_the_others(url: str, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert expected == await OwnAddress("127.0.0.2", 8080).leads_here(url)


async def test_without_a_port_nothing_on_this_machine_is_ours() -> None:
    assert not await OwnAddress("", 0).leads_here("ws://127.0.0.1:80/ocpp")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wss://oye.example.org/ocpp", True),
        ("wss://OYE.example.org:443", True),
        ("ws://oye.example.org/ocpp", False),
        ("wss://oye.example.org/steve/websocket/CentralSystemService", False),
        ("wss://192.0.2.7:9443/ocpp/{id}", True),
        ("wss://192.0.2.8:9443/ocpp", False),
    ],
)
async def test_what_owner_and_front_say_is_ours_where_chargers_come_in(
    url: str,
    expected: bool,  # noqa: FBT001 - what is expected
) -> None:
    """A CSMS may share host and port with us, at a path where no charger comes to us."""
    own = OwnAddress("", 0)
    own.urls = lambda: ["nonsense", "https://oye.example.org", "wss://192.0.2.7:9443/ocpp/ID"]

    assert expected == await own.leads_here(url)
