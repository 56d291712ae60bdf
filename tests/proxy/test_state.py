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
    ],
)
def test_addresses_of_websocket_servers_are_good(url: str) -> None:
    check_csms_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "csms.example.com",
        "http://csms",
        "ws://",
        "ws://csms:0",
        "ws://csms:99999",
        "ws://a b/c",
        "ws://[::1",
        "wss:///ocpp",
    ],
)
def test_other_addresses_are_not(url: str) -> None:
    with pytest.raises(InvalidRequestError, match="CSMS address must begin with ws://"):
        check_csms_url(url)


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
