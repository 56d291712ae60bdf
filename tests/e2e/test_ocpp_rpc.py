"""
A third-party judge: the test suite of the npm package `ocpp-rpc`, directly and through the proxy.

The suite (a strict OCPP-J client and server, made and tested by others) runs unmodified; only its
WebSocket client dials a proxy, which is told each test's server as its CSMS (`ocpp_rpc/`). Every
test that passes directly passes through the proxy, except `DIFFERENCES`.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "ocpp_rpc"
SUITE = FOLDER / "node_modules/ocpp-rpc"
PASSWORD = "for-this-test"
AUTHORIZATION = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
OPTIONS = ("--host=127.0.0.1", "--port=0", "--log-level=warning", "--log-format=text")
SUITE_TIMEOUT = 120
STOP_TIMEOUT = 15

PINGS = "pings are hop by hop (OCPP 2.1 part 4, 5.3; 2.0.1 part 4 errata, 4.10)"
HEADERS = "each hop has its own headers; Authorization and User-Agent alone are passed on"
AWAY = "the proxy is there though the CSMS is away: 503 with Retry-After instead"

# What a Local Controller must do differently; docs/OCPP.md tells the same to its readers.
DIFFERENCES = {
    "RPCClient #connect should pass headers to server": HEADERS,
    "RPCClient #connect should also pass headers to server via wsOpts"
    " (but can be overridden by headers option)": HEADERS,
    "RPCClient #_keepAlive should force close client if no pong between pings": PINGS,
    "RPCClient #_keepAlive should process pings normally after keepAlive forces a reconnect": PINGS,
    "RPCClient #_keepAlive should not auto-ping server if ping received"
    " with option deferPingsOnActivity": PINGS,
    "RPCServer #auth should disconnect client if auth failed": AWAY,
    "RPCServer #close should not allow new connections after close (before clients kicked)": AWAY,
    "RPCServer #listen should attach to an existing http server": AWAY,
    "RPCServer #listen should abort with signal": AWAY,
}

# They fail without the proxy too, and why.
BROKEN_TESTS = {
    # The suite's `ws` takes http:// by now.
    "RPCClient #connect should reject on non-ws endpoint URL",
}

# Every identity that a test of the suite connects with.
IDENTITIES = {"1", "2", "RPC/ /123", "X", "XX", "Y", "a:colonified:ident"}


@pytest.mark.timeout(2 * SUITE_TIMEOUT + 60)
def test_charger_and_csms_see_what_they_see_without_the_proxy(tmp_path: Path) -> None:
    if not SUITE.is_dir() or shutil.which("node") is None:
        pytest.skip("ocpp-rpc is not installed: scripts/setup does that where Node and npm are")
    directly = _run_suite(tmp_path / "directly.json")
    with ExitStack() as stack:
        proxies = [stack.enter_context(_proxy(tmp_path / name)) for name in ("one", "two")]
        through = _run_suite(
            tmp_path / "through.json",
            "--require=../../through_proxy.js",
            OYE_PROXIES=",".join(proxies),
            OYE_AUTHORIZATION=AUTHORIZATION,
        )
        seen = {charger for proxy in proxies for charger in _chargers(proxy)}

    assert BROKEN_TESTS == {title for title, failure in directly.items() if failure}
    assert directly.keys() == through.keys()
    assert {} == {
        title: failure
        for title, failure in through.items()
        if failure and title not in BROKEN_TESTS and title not in DIFFERENCES
    }
    # A busy machine answers a ping of the suite so late that it looks like no answer.
    stale = [title for title, why in DIFFERENCES.items() if why != PINGS and not through[title]]
    assert [] == stale, "no difference any more"
    assert IDENTITIES == seen, "not every connection came through the proxy"


def _run_suite(report: Path, *preload: str, **environment: str) -> dict[str, str]:
    """Run the package's own `npm test`; return by test why it failed, empty when it passed."""
    options = ["--require=../../unhurried.js", *preload, "--exit", "--reporter=json"]
    run = subprocess.run(
        ["node", "../mocha/bin/mocha.js", *options, f"--reporter-option=output={report}"],
        cwd=SUITE,
        env={**os.environ, **environment},  # noqa: TID251 - a program needs PATH
        timeout=SUITE_TIMEOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.is_file(), run.stderr
    tests: list[dict[str, Any]] = json.loads(report.read_text())["tests"]
    return {test["fullTitle"]: test["err"].get("message", "") for test in tests}


@contextmanager
def _proxy(data_dir: Path) -> Iterator[str]:
    """Run a proxy on a free port, one that is nothing but a way to its CSMS."""
    process = subprocess.Popen(
        [sys.executable, "-m", "oye_proxy", "serve", *OPTIONS, f"--data-dir={data_dir}"],
        env={
            **os.environ,  # noqa: TID251 - a program needs PATH
            "INITIAL_ADMIN_PASSWORD": PASSWORD,
            "OYE_CSMS_ON_LOSS": "close",
            "OYE_CSMS_FORWARD_QUERY": "true",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        printed = list(takewhile("Ready.\n".__ne__, process.stdout))
        [url] = [line.split()[-1] for line in printed if line.startswith("Console and API:")]
        yield url
    finally:
        process.terminate()
        logged, _ = process.communicate(timeout=STOP_TIMEOUT)
    assert [] == [line for line in logged.splitlines() if " ERROR " in line]


def _chargers(proxy: str) -> set[str]:
    request = urllib.request.Request(  # noqa: S310 - our own proxy
        f"{proxy}api/chargers", headers={"Authorization": AUTHORIZATION}
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return {charger["charge_point_id"] for charger in json.load(response)}
