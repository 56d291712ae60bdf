"""What the helpers around a real Home Assistant promise, as far as it needs none."""

import asyncio
from pathlib import Path

import pytest

from home_assistant.forwarding import forwarded
from home_assistant.instance import Instance
from home_assistant.network import Network, own_network, why_no_own_network
from home_assistant.program import Program, run

LOG = """\
2026-11-21 19:19:47.288+00:00 INFO (MainThread) [homeassistant.setup] Setting up oye
2026-11-21 19:19:47.289+00:00 WARNING (SyncWorker_1) [homeassistant.loader] We found a custom \
integration oye which has not been tested by Home Assistant. This component might cause
2026-11-21 19:19:47.290+00:00 ERROR (MainThread) [homeassistant.components.hassio] Can't read
2026-11-21 19:19:47.291+00:00 ERROR (MainThread) [homeassistant] Error doing job
Traceback (most recent call last):
  File "/config/custom_components/oye/coordinator.py", line 1, in run
2026-11-21 19:19:47.292+00:00 WARNING (MainThread) [custom_components.oye] Lost
"""


def test_complaints_are_those_about_oye_with_their_traceback(tmp_path: Path) -> None:
    (tmp_path / "output").write_text(LOG)
    complaints = Instance(tmp_path, Network(), port=1).complaints()

    assert ["Error doing job", "Lost"] == [
        one.splitlines()[0].partition("] ")[2] for one in complaints
    ]
    assert complaints[0].endswith("line 1, in run")


async def test_a_door_leads_into_another_network() -> None:
    """Who listens in there alone is reached from this machine."""
    if (reason := why_no_own_network()) is not None:
        pytest.skip(reason)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"echo " + await reader.readline())
        writer.close()

    with own_network() as network, network.listener("127.0.0.1") as inside:
        port = inside.getsockname()[1]
        server = await asyncio.start_server(answer, sock=inside)
        async with server, forwarded(network, port, 0) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door)
            writer.write(b"hello\n")
            said = await reader.read()
            writer.close()
            await writer.wait_closed()

    assert b"echo hello\n" == said


async def test_a_network_of_its_own_has_loopback_and_its_addresses_alone() -> None:
    if (reason := why_no_own_network()) is not None:
        pytest.skip(reason)
    with own_network("172.30.32.1/23") as network:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        said = await run(["ip", "-brief", "-4", "address"], network, environment)

    assert ["lo", "UNKNOWN", "127.0.0.1/8", "172.30.32.1/23"] == said.split()


async def test_a_program_that_ends_instead_is_told_with_its_output(tmp_path: Path) -> None:
    program = Program(["sh", "-c", "echo no; exit 3"], tmp_path / "log", Network(), {})
    await asyncio.to_thread(program.start)
    with pytest.raises(RuntimeError, match="has ended:\nno"):
        await program.until_said("Ready.")

    assert 3 == await program.stop()


async def test_a_program_that_runs_is_ended(tmp_path: Path) -> None:
    program = Program(["sh", "-c", "echo Ready.; sleep 60"], tmp_path / "log", Network(), {})
    await asyncio.to_thread(program.start)
    await program.until_said("Ready.")

    assert 0 > await program.stop()
