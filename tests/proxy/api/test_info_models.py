import msgspec

from oye_proxy.api.info_models import LiveState, ProxyInfo

INFO = ProxyInfo(version="1.2.3", instance_id="i-1", name="OYE")


def test_a_proxy_tells_the_version_of_its_api() -> None:
    assert 1 == msgspec.to_builtins(INFO)["apiVersion"]


def test_a_state_is_the_first_message_of_a_live_connection() -> None:
    state = LiveState(epoch="e-1", proxy=INFO, chargers=(), issues=())

    assert 0 == msgspec.to_builtins(state)["seq"]
