import pytest
from aiohttp import web

from oye_proxy.api.live_clients import LiveClients
from oye_proxy.errors import TooManyRequestsError


def test_only_so_many_come_in_and_a_place_is_free_again() -> None:
    clients = LiveClients(limit=1)
    with clients.admit(web.WebSocketResponse()):
        assert 1 == len(clients)
        with pytest.raises(TooManyRequestsError), clients.admit(web.WebSocketResponse()):
            pass
    assert 0 == len(clients)
    with clients.admit(web.WebSocketResponse()):
        assert 1 == len(clients)


def test_all_that_are_open_can_be_doubted() -> None:
    clients = LiveClients(limit=2)
    with (
        clients.admit(web.WebSocketResponse()) as one,
        clients.admit(web.WebSocketResponse()) as other,
    ):
        clients.doubt()

        assert one.is_set()
        assert other.is_set()
