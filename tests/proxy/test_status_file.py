"""What root tells the proxy: read whole, or a sentence that says it is damaged."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from oye_proxy.status_file import CertificateStatus, FrontStatus, read_status

STATUS = FrontStatus(
    certificates=(
        CertificateStatus(
            purpose="main",
            names=("ocpp.example.org",),
            self_signed=True,
            fingerprint="3F:A1",
            valid_until=datetime(2036, 11, 18, tzinfo=UTC),
            trouble="/ssl/fullchain.pem is missing",
        ),
    ),
    charger_urls=("ws://homeassistant.local:9080/ocpp/",),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.write_bytes(msgspec.json.encode(STATUS))

    assert STATUS == read_status(path)


def test_members_of_a_newer_version_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.write_text('{"certificates": [], "weather": "rain"}')

    assert FrontStatus() == read_status(path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "[" * 100_000, '{"chargerUrls": 1}', '{"certificates": [{"purpose": "main"}]}'],
)
def test_a_damaged_file_is_a_value_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "status.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"."):
        read_status(path)


def test_a_moment_without_a_zone_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    text = msgspec.json.encode(STATUS).decode().replace("2036-11-18T00:00:00Z", "2036-11-18T00:00")
    path.write_text(text)
    with pytest.raises(ValueError, match="validUntil"):
        read_status(path)
