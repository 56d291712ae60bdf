"""Our own dials, known by their handshakes' keys while they are under way."""

from oye_proxy.transport.own_dials import OwnDials


def test_a_dial_is_known_by_each_of_its_keys_until_it_is_over() -> None:
    """A redirect gives a dial another key."""
    dials = OwnDials()
    keys = ["first", "after the redirect"]
    with dials.begin() as other:
        other.add_key("other")
        with dials.begin() as dial:
            for key in keys:
                dial.add_key(key)

            assert [True, True] == [dials.recognise(key) for key in keys]
        assert [False, False] == [dials.recognise(key) for key in keys]
        assert dials.recognise("other")
    assert not dials.recognise("other")


def test_only_the_dial_of_the_key_came_back() -> None:
    dials = OwnDials()
    with dials.begin() as dial, dials.begin() as other:
        dial.add_key("first")
        other.add_key("other")
        dials.recognise("first")

        assert (True, False) == (dial.came_back, other.came_back)


def test_a_handshake_of_somebody_else_is_not_ours() -> None:
    dials = OwnDials()
    with dials.begin() as dial:
        dial.add_key("first")

        assert [False, False] == [dials.recognise(key) for key in ("", "somebody else's")]
        assert not dial.came_back
