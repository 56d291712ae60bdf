"""Our own dials, known by their handshakes' keys while they are under way."""

from oye_proxy.transport.own_dials import OwnDials


def test_a_dial_is_known_by_each_of_its_keys_until_it_is_over() -> None:
    dials = OwnDials()
    with dials.begin() as dial, dials.begin() as other:
        dial.keys.extend(["first", "after the redirect"])
        other.keys.append("other")
        known = dials.recognise("after the redirect")

        assert (True, True, False) == (known, dial.came_back, other.came_back)
        assert not dials.recognise("somebody else's")
    assert not dials.recognise("first")


def test_a_handshake_without_a_key_is_nobodys() -> None:
    dials = OwnDials()
    with dials.begin():
        assert not dials.recognise("")
