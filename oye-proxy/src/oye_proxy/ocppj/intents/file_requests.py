"""Requests about files that the charger fetches or uploads: firmware and logs."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, field

from oye_proxy.ocppj.intents.request_types import Request

Location: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*://[^\s]+$",
        max_length=2000,
        description="A URL that the charger can reach; at most 512 characters before OCPP 2.1.",
    ),
]
Retries: TypeAlias = Annotated[
    int, Meta(ge=0, le=100, description="How often the charger tries again.")
]
RetryInterval: TypeAlias = Annotated[int, Meta(ge=0, le=86_400, description="Seconds between.")]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]


class LogType(StrEnum):
    """Which log to upload; `data_collector` exists since OCPP 2.1."""

    DIAGNOSTICS = "diagnostics"
    SECURITY = "security"
    DATA_COLLECTOR = "data_collector"


class FirmwareRequest(Request, frozen=True):
    """
    Have the charger fetch and install firmware.

    Without `retrieveAt` it fetches at once. With certificate and signature 1.6 gets the signed form
    of its security extension; `installAt` exists only there and in 2.x.
    """

    location: Location
    retrieve_at: Moment | None = None
    install_at: Moment | None = None
    retries: Retries | None = None
    retry_interval: RetryInterval | None = None
    signing_certificate: (
        Annotated[str, Meta(min_length=1, max_length=5500, description="PEM")] | None
    ) = None
    signature: Annotated[str, Meta(min_length=1, max_length=800, description="Base64")] | None = (
        None
    )


class DiagnosticsRequest(Request, frozen=True):
    """
    Have the charger upload its log.

    `location` is the folder to upload to. In 1.6 the security log comes by the message of its
    security extension.
    """

    location: Location
    log_type: LogType = LogType.DIAGNOSTICS
    from_: Moment | None = field(default=None, name="from")
    to: Moment | None = None
    retries: Retries | None = None
    retry_interval: RetryInterval | None = None
