"""The state: checked, stored, then told; seeded by the setting once per address."""

from collections.abc import Mapping
from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError, OwnAddressError, StorageError
from oye_proxy.state import SEEDED_URL, ProxyState, State, check_csms_url
from oye_proxy.transport.own_address import OwnAddress

URL = "wss://csms.example.com/ocpp"


class MemoryStorage:
    def __init__(self, **values: str) -> None:
        self.values = values
        self.broken = False

    async def all(self) -> dict[str, str]:
        return dict(self.values)

    async def set(self, values: Mapping[str, str]) -> None:
        if self.broken:
            raise StorageError("the disk is full")
        self.values.update(values)


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


async def loaded(storage: MemoryStorage, seed_url: str | None = None) -> State:
    state = State(storage)
    await state.load(seed_url)
    return state


async def test_the_defaults_are_those_of_the_node_oye_proxy(storage: MemoryStorage) -> None:
    state = await loaded(storage)

    assert {
        "targetCsmsUrl": "ws://localhost/ocpp",
        "csmsForwardingEnabled": "false",
        "autoChargeEnabled": "false",
        "defaultIdTag": "ADMIN_TAG",
    } == state.config()


async def test_a_change_is_stored_and_told(storage: MemoryStorage) -> None:
    state = await loaded(storage)
    told: list[ProxyState] = []
    state.subscribe(told.append)
    await state.update(forwarding=True, default_id_tag="GARAGE")
    again = await loaded(storage)

    assert [state.current] == told
    assert state.current == again.current
    assert ProxyState(forwarding=True, default_id_tag="GARAGE") == state.current


async def test_what_changes_nothing_is_not_told(storage: MemoryStorage) -> None:
    state = await loaded(storage)
    told: list[ProxyState] = []
    state.subscribe(told.append)
    await state.update(forwarding=False)
    await state.update()

    assert [] == told
    assert {} == storage.values


async def test_who_unsubscribed_is_not_told(storage: MemoryStorage) -> None:
    state = await loaded(storage)
    told: list[ProxyState] = []
    state.subscribe(told.append)()
    await state.update(forwarding=True)

    assert [] == told


async def test_what_cannot_be_stored_is_not_in_force(storage: MemoryStorage) -> None:
    state = await loaded(storage)
    told: list[ProxyState] = []
    state.subscribe(told.append)
    storage.broken = True
    with pytest.raises(StorageError):
        await state.update(forwarding=True)

    assert ProxyState() == state.current
    assert [] == told


@pytest.mark.parametrize("changes", [{"csms_url": "http://x"}, {"default_id_tag": "  "}])
async def test_one_bad_value_changes_nothing(
    storage: MemoryStorage, changes: dict[str, Any]
) -> None:
    state = await loaded(storage)
    with pytest.raises(InvalidRequestError):
        await state.update(auto_charge=True, **changes)

    assert ProxyState() == state.current


@pytest.mark.parametrize(
    "url",
    [
        "ws://localhost/ocpp",
        "wss://user:secret@csms.example.com:8443/a/{id}?key=1",
        "ws://[::1]:9000",
        "ws://[fe80::1%eth0]:9000/ocpp",
        "ws://steve_1:8180/steve/websocket/CentralSystemService",
        "wss://münchen.example/ocpp/ä",
        "WSS://CSMS.example.com.",
        "ws://{id}.csms.example.com/",
    ],
)
def test_addresses_of_websocket_servers_are_good(url: str) -> None:
    check_csms_url(url)


BEGIN = "The CSMS address must begin with ws:// or wss://"
HOST = "The host in the CSMS address is no name or IP address of a machine"
PORT = "The port in the CSMS address must be a number from 1 to 65535"
BRACKETS = "The CSMS address has brackets where none can be"
HIDDEN = "The CSMS address has a blank or an invisible character in it"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", BEGIN),
        ("csms.example.com", BEGIN),
        ("http://csms", BEGIN),
        ("ws:/csms", BEGIN),
        ("ws://", HOST),
        ("wss:///ocpp", HOST),
        ("ws://:9000/ocpp", HOST),
        ("ws://ex..ample/", HOST),
        ("ws://%41:1/", HOST),
        ("ws://" + "ä" * 70, HOST),
        ("ws://" + "x" * 300 + ".com", HOST),
        ("ws://" + "x." * 200 + "com", HOST),
        ("ws://csms,other/", HOST),
        ("ws://csms:0", PORT),
        ("ws://csms:99999", PORT),
        ("ws://csms:port/", PORT),
        ("ws://[::1", BRACKETS),
        ("ws://user:se[cret@csms/", BRACKETS),
        ("ws://a b/c", HIDDEN),
        ("ws://csms/a b", HIDDEN),
        ("ws://exa\u202emple/", HIDDEN),
        ("wss://exa\x00mple", HIDDEN),
        ("ws://127.0.0.1:1/p\x01q", HIDDEN),
        ("ws://csms/\ud800", HIDDEN),
        ("ws://csms\t/ocpp", HIDDEN),
        ("ws://127.0.0.1:1\\@evil/", "The CSMS address must not hold a backslash"),
        ("ws://user:pa#ss@csms/", "The CSMS address must not hold a #"),
    ],
)
def test_other_addresses_are_not_and_the_sentence_says_why(url: str, said: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_csms_url(url)

    assert str(refused.value).startswith(said)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("around", ["{} ", " {}", "\n{}\t"])
async def test_blanks_around_a_pasted_address_are_not_part_of_it(
    storage: MemoryStorage, around: str
) -> None:
    state = await loaded(storage)
    await state.update(csms_url=around.format(URL))

    assert URL == state.current.csms_url == check_csms_url(around.format(URL))
    assert URL == (await loaded(MemoryStorage(), around.format(URL))).current.csms_url


class TestOwnAddress:
    OWN = "ws://127.0.0.1:8080/ocpp"

    async def test_no_csms_is_taken_over_there(self, storage: MemoryStorage) -> None:
        state = State(storage, OwnAddress("", 8080))
        await state.load(None)

        with pytest.raises(OwnAddressError, match="leads back to this proxy"):
            await state.update(csms_url=self.OWN, forwarding=True)
        with pytest.raises(OwnAddressError):
            await state.load(self.OWN)
        assert ({}, ProxyState()) == (storage.values, state.current)

    async def test_what_is_there_already_hinders_no_other_change(
        self, storage: MemoryStorage
    ) -> None:
        """A proxy that got another port must be steerable; its door knows its own dials."""
        storage.values["targetCsmsUrl"] = self.OWN
        state = State(storage, OwnAddress("", 8080))
        await state.load(None)
        await state.update(csms_url=self.OWN, auto_charge=True)

        assert state.current.auto_charge


class TestSeed:
    async def test_the_address_of_the_settings_is_taken_over_and_forwarding_switched_on(
        self, storage: MemoryStorage
    ) -> None:
        state = await loaded(storage, URL)

        assert (URL, True) == (state.current.csms_url, state.current.forwarding)
        assert URL == storage.values[SEEDED_URL]

    async def test_it_is_taken_over_once(self, storage: MemoryStorage) -> None:
        """What the owner changed since then counts."""
        state = await loaded(storage, URL)
        await state.update(csms_url="ws://other/ocpp", forwarding=False)
        again = await loaded(storage, URL)

        assert ("ws://other/ocpp", False) == (again.current.csms_url, again.current.forwarding)

    async def test_another_address_is_taken_over_again(self, storage: MemoryStorage) -> None:
        await loaded(storage, URL)
        state = await loaded(storage, "ws://new/ocpp")

        assert ("ws://new/ocpp", True) == (state.current.csms_url, state.current.forwarding)

    async def test_a_bad_address_changes_nothing(self, storage: MemoryStorage) -> None:
        with pytest.raises(InvalidRequestError):
            await loaded(storage, "http://csms")

        assert {} == storage.values

    async def test_it_is_no_key_of_the_config(self, storage: MemoryStorage) -> None:
        state = await loaded(storage, URL)

        assert SEEDED_URL not in state.config()
