"""`certificate_expiring`: raised 30 days before the end, withdrawn after the renewal."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from oye_proxy.features.certificates import CertificateWatch
from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.status_file import CertificateStatus, FrontStatus

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def board() -> IssueBoard:
    return IssueBoard(lambda _: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "status.json"


@pytest.fixture
def watch(board: IssueBoard, path: Path) -> CertificateWatch:
    return CertificateWatch(board, path, wall=lambda: NOW)


def write(path: Path, **days: float) -> None:
    status = FrontStatus(
        certificates=tuple(
            CertificateStatus(
                purpose=purpose,
                names=("ocpp.example.org",),
                self_signed=False,
                fingerprint="3F",
                valid_until=NOW + timedelta(days=left),
            )
            for purpose, left in days.items()
        )
    )
    path.write_bytes(msgspec.json.encode(status))


def damage(path: Path) -> None:
    path.write_text("{")


def remove(path: Path) -> None:
    path.unlink()


def raised(board: IssueBoard) -> list[tuple[IssueKey, dict[str, Any]]]:
    return [(issue.key, issue.params) for issue in board.issues]


@pytest.mark.parametrize(("left", "days"), [(30, 30), (29.5, 29), (1, 1), (0, 0), (-2, -2)])
async def test_the_first_to_end_is_told(
    watch: CertificateWatch, board: IssueBoard, path: Path, left: float, days: int
) -> None:
    write(path, main=left, lan=3650)
    await watch.look()
    end = (NOW + timedelta(days=left)).isoformat()

    assert [
        (
            IssueKey.CERTIFICATE_EXPIRING,
            {"purpose": "main", "validUntil": end, "days": days},
        )
    ] == raised(board)


async def test_a_renewal_withdraws_it(
    watch: CertificateWatch, board: IssueBoard, path: Path
) -> None:
    write(path, main=5)
    await watch.look()
    write(path, main=90)
    await watch.look()

    assert [] == raised(board)
    assert {"main": (NOW + timedelta(days=90)).timestamp()} == watch.ends()


async def test_without_a_file_nothing_is_told(
    watch: CertificateWatch, board: IssueBoard, path: Path
) -> None:
    write(path, main=5)
    await watch.look()
    remove(path)
    await watch.look()

    assert [] == raised(board)
    assert {} == watch.ends()


async def test_a_damaged_file_leaves_the_last_state_and_is_logged_once(
    watch: CertificateWatch, board: IssueBoard, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(path, main=5)
    await watch.look()
    damage(path)
    with caplog.at_level(logging.WARNING):
        await watch.look()
        await watch.look()

    assert 1 == len(raised(board))
    assert 1 == len(caplog.records)


async def test_it_looks_again_and_again_until_it_is_stopped(board: IssueBoard, path: Path) -> None:
    watch = CertificateWatch(board, path, wall=lambda: NOW, round_seconds=0.001)
    watch.start()
    write(path, main=5)
    async with asyncio.timeout(10):
        while not board.issues:  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0.001)
    await watch.stop()

    assert 1 == len(board.issues)
