from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from oye_proxy.api.cookies import clear_session_cookie, session_cookie, set_session_cookie


def sent(response: web.Response) -> SimpleCookie:
    return response.cookies


@pytest.mark.parametrize(
    ("secure", "name"), [(False, "oye_session"), (True, "__Secure-oye_session")]
)
def test_scripts_and_foreign_pages_never_have_the_cookie(*, secure: bool, name: str) -> None:
    response = web.Response()
    set_session_cookie(response, "token", timedelta(days=30), secure=secure)
    cookie = sent(response)[name]

    assert ("token", True, "Strict", "2592000") == (
        cookie.value,
        cookie["httponly"],
        cookie["samesite"],
        str(cookie["max-age"]),
    )
    assert secure is bool(cookie["secure"])


def test_the_browser_takes_the_folder_of_the_api_below_any_prefix() -> None:
    """RFC 6265 5.1.4: without a path it is that of the request, up to its last slash."""
    response = web.Response()
    set_session_cookie(response, "token", timedelta(days=30), secure=True)

    assert "path" not in sent(response).output().lower()


def test_a_cleared_cookie_ends_at_once() -> None:
    response = web.Response()
    clear_session_cookie(response, secure=False)

    assert "Max-Age=0" in sent(response).output()


def test_under_tls_a_cookie_of_the_clear_is_not_believed() -> None:
    request = make_mocked_request("GET", "/", headers={"Cookie": "oye_session=token"})

    assert "token" == session_cookie(request, secure=False)
    assert session_cookie(request, secure=True) is None
