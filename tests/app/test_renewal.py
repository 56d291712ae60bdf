"""A certificate is renewed under a charger that notices nothing."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from msgspec.structs import replace
from tests.app.house import DOMAIN, House, installed, wait_until
from tests.app.test_chargers import call

from oye_proxy.ha_app.installation import present_status
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines
from oye_proxy.ha_app.watch import Watch
from oye_proxy.settings import LogLevel


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def house(proxy: Paths, tmp_path: Path, authority: trustme.CA) -> Iterator[House]:
    """Run a house of its own with a pair of an authority."""
    (tmp_path / "ssl").mkdir()
    issue(tmp_path / "ssl", authority)
    house = House(*installed(tmp_path, {"trusted_domains": [DOMAIN]}, proxy=proxy))
    house.start()
    yield house
    house.stop()


def issue(folder: Path, authority: trustme.CA) -> None:
    """Write a new pair as the Let's Encrypt app does it: one file, then the other."""
    leaf = authority.issue_cert(DOMAIN)
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    (folder / "fullchain.pem").write_bytes(chain)
    (folder / "privkey.pem").write_bytes(leaf.private_key_pem.bytes())


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(house: House, said: list[str]) -> Watch:
    """Return the watch, which reloads nginx as s6 does."""
    nginx = Nginx(
        house.app.paths.nginx_conf, reload_command=["kill", "-HUP", str(house.process_id)]
    )
    app = replace(house.app, nginx=nginx)
    return Watch(app, house.options, Lines(LogLevel.INFO, said.append), lambda: datetime.now(UTC))


def shown(house: House) -> bytes | None:
    answer = house.ask(tls=True, sni=DOMAIN)
    return None if answer is None else answer.certificate


async def test_a_renewal_drops_no_charger(
    house: House, watch: Watch, said: list[str], authority: trustme.CA
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    before = await asyncio.to_thread(shown, house)
    async with house.charger(tls=trusting) as old:
        await asyncio.to_thread(issue, house.app.paths.ssl, authority)
        await asyncio.to_thread(watch.look)
        await asyncio.to_thread(wait_until, lambda: shown(house) != before)
        answer = await call(old, "Heartbeat", {})
        async with house.charger("/ocpp/CP2", tls=trusting) as new:
            boot: Any = await call(new, "Heartbeat", {})

    assert "currentTime" in answer
    assert "currentTime" in boot
    assert 1 == len(said)
    assert said[0].startswith(f"Loaded: TLS {DOMAIN}: from /ssl, ")


def test_a_broken_renewal_changes_nothing(house: House, watch: Watch, said: list[str]) -> None:
    before, status = shown(house), present_status(house.app.paths.status)
    (house.app.paths.ssl / "privkey.pem").write_bytes(b"half a key")
    watch.look()
    told = present_status(house.app.paths.status).certificates[0]

    assert before == shown(house)
    assert "the former one stays in use" in said[0]
    assert status.certificates[0].fingerprint == told.fingerprint
    assert told.trouble is not None


def test_hsts_is_said_where_it_was_asked_for(
    proxy: Paths, tmp_path: Path, authority: trustme.CA
) -> None:
    """Over TLS, for a name with a certificate of an authority; never in clear."""
    (tmp_path / "ssl").mkdir()
    issue(tmp_path / "ssl", authority)
    options = {"trusted_domains": [DOMAIN], "hsts": True}
    house = House(*installed(tmp_path, options, proxy=proxy))
    house.start()
    try:
        answers = [house.ask(tls=True, sni=DOMAIN), house.ask()]
    finally:
        house.stop()

    assert [["max-age=31536000"], []] == [
        answer and answer.all("Strict-Transport-Security") for answer in answers
    ]
