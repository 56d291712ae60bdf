"""`scripts/run`, as a newcomer types it: from any folder, with the options of `oye-proxy serve`."""

import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "scripts/run"
STOP_TIMEOUT = 15


def test_it_serves_and_keeps_its_data_where_the_caller_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INITIAL_ADMIN_PASSWORD", "for-this-test")
    with _running(tmp_path, "--data-dir", "mine") as (process, port):
        health = _get(port, "/health")
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_TIMEOUT)

    assert "OCPP Proxy Active. Connected Chargers: 0" == health
    assert (tmp_path / "mine/db/oye-proxy.db").is_file()
    assert 0 == code


@contextmanager
def _running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start it on a free port and read from what it prints which one."""
    process = subprocess.Popen(
        [RUN, "--host", "127.0.0.1", "--port", "0", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, _printed_port(process)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _printed_port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        found = re.search(r"https?://[^/\s]+:(\d+)", line)
        if found is not None:
            return int(found[1])
    raise AssertionError(f"it ended without an address: {''.join(printed)}")


def _get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return str(response.read().decode())
