from typing import Any

import msgspec
import pytest

from oye_proxy.ocppj.intents.file_requests import DiagnosticsRequest, FirmwareRequest


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"location": "firmware.bin"},
        {"location": "https://a b"},
        {"location": "ftp://h/" + "a" * 2000},
        {"location": "ftp://h/f", "retrieveAt": "2026-11-21T12:00:00"},
        {"location": "ftp://h/f", "retries": -1},
        {"location": "ftp://h/f", "signature": ""},
    ],
)
def test_firmware_out_of_bounds_is_refused(body: dict[str, Any]) -> None:
    """A time needs its offset, a location its scheme."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, FirmwareRequest)


def test_from_and_to_are_called_so() -> None:
    times = {"from": "2026-11-21T12:00:00Z", "to": "2026-11-21T12:00:00+01:00"}
    request = msgspec.convert({"location": "ftp://h/", **times}, DiagnosticsRequest)

    assert request.from_ is not None
    assert request.to is not None
    assert 3600 == (request.from_ - request.to).total_seconds()
