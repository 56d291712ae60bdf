from base64 import b64encode
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oye_proxy.transport.upstream import parse_url, upstream_url


@pytest.mark.parametrize(
    ("configured", "raw_id", "expected"),
    [
        ("ws://csms", "CP1", "ws://csms/CP1"),
        ("ws://csms/", "CP1", "ws://csms/CP1"),
        ("wss://csms:9000/ocpp", "CP1", "wss://csms:9000/ocpp/CP1"),
        ("wss://csms/ocpp/", "CP%2F1", "wss://csms/ocpp/CP%2F1"),
        ("wss://csms/ocpp?token=1", "CP1", "wss://csms/ocpp/CP1?token=1"),
        ("wss://csms/{id}/ws?cp={id}", "C;P", "wss://csms/C;P/ws?cp=C;P"),
        ("ws://[::1]:80/ocpp", "CP1", "ws://[::1]/ocpp/CP1"),
        ("https://csms/ocpp", "CP1", "wss://csms/ocpp/CP1"),
    ],
)
def test_the_raw_id_is_put_into_the_path(configured: str, raw_id: str, expected: str) -> None:
    url = upstream_url(configured, raw_id)

    assert expected == url.site + url.resource


def test_the_chargers_query_comes_after_the_configured_one() -> None:
    assert "/CP1?a=1&b=2" == upstream_url("ws://csms?a=1", "CP1", "b=2").resource


def test_user_info_becomes_basic_authentication_and_is_never_shown() -> None:
    url = upstream_url("wss://us%40er:pa%3Ass@csms/ocpp?key=secret", "CP1")

    assert "Basic dXNAZXI6cGE6c3M=" == url.basic
    assert "wss://csms/ocpp/CP1" == str(url)
    assert "UpstreamUrl(wss://csms/ocpp/CP1)" == repr(url)


@pytest.mark.parametrize("raw_id", ["CP1", "CP%401", "CP@1", "evil.example:1@"])
def test_an_id_in_the_user_info_never_names_another_host(raw_id: str) -> None:
    url = upstream_url("wss://{id}:secret@csms/ocpp", raw_id)
    pair = unquote_to_bytes(raw_id) + b":secret"

    assert "wss://csms" == url.site
    assert "Basic " + b64encode(pair).decode() == url.basic


def test_names_and_paths_of_other_scripts_go_out_as_machines_write_them() -> None:
    url = upstream_url("wss://münchen.example/öcpp%2F?ä=ß", "CP%201")

    assert "wss://xn--mnchen-3ya.example/%C3%B6cpp%2F/CP%201?%C3%A4=%C3%9F" == (
        url.site + url.resource
    )


@given(text=st.text() | st.text().map("ws://{}".format))
@example(text="ws://exa\u202emple/")
@example(text="ws://[v1.x]/")
def test_any_text_is_an_address_in_ascii_or_a_value_error(text: str) -> None:
    try:
        url = parse_url(text)
    except ValueError:
        return

    assert (url.site + url.resource).isascii()


@pytest.mark.parametrize("text", ["", "csms/ocpp", "ftp://csms", "ws://", "ws://csms:port/"])
def test_an_unusable_address_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_url(text)
