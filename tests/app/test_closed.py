"""Fail closed: without a name and without the LAN nobody is let in, and the log says why."""

import ssl
from collections.abc import Iterator

import pytest
from tests.app.house import DOMAIN, LAN, STRANGER, TRUSTED_PROXY, House, running_house

from oye_proxy.ha_app import report
from oye_proxy.ha_app.paths import Paths


@pytest.fixture(
    scope="module",
    params=[{"allow_lan": False}, {"allow_lan": False, "trusted_domains": ["x;", "http://a"]}],
    ids=["empty", "wholly invalid"],
)
def closed(
    request: pytest.FixtureRequest, proxy: Paths, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("closed"), proxy, request.param) as house:
        yield house


@pytest.mark.parametrize("source", [STRANGER, LAN, TRUSTED_PROXY])
@pytest.mark.parametrize("host", [DOMAIN, "192.168.1.5", "homeassistant.local", "localhost"])
def test_nobody_is_let_in(closed: House, source: str, host: str) -> None:
    assert closed.ask(host=host, source=source) is None


@pytest.mark.parametrize("sni", [None, DOMAIN])
def test_no_certificate_is_shown(closed: House, sni: str | None) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized"):
        closed.ask(tls=True, sni=sni, source=LAN)


def test_home_assistant_still_reaches_the_console_and_the_health(closed: House) -> None:
    health = closed.ask(port=closed.ports.health, source="127.0.0.1", host="127.0.0.1")

    assert "chargers" in closed.supervisor("/api/state")
    assert health is not None
    assert 200 == health.status


def test_the_log_says_why(closed: House) -> None:
    sentences = [remark.text for remark in report.access_remarks(closed.options)]

    assert ["nobody can connect: trusted_domains has no usable entry and allow_lan is off"] == [
        sentence.partition(";")[0] for sentence in sentences
    ]
