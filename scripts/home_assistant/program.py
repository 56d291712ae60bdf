"""A program that runs until it is told to end, with its output in a file."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from home_assistant.network import Network

START_SECONDS = 90.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05


class Program:
    """One program; it ends with this process at the latest."""

    def __init__(
        self,
        command: list[str],
        output: Path,
        network: Network,
        environment: Mapping[str, str],
    ) -> None:
        self._command = network.command(*_tied_to_us(), *command)
        self._output = output
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Everything that it said."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    @property
    def process_id(self) -> int:
        """Its id while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and return at once."""
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something that it brings about; fail when it ends instead."""
        deadline = time.monotonic() + START_SECONDS
        while not await condition():
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"{self._command} has ended:\n{self.output}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._command} is not ready:\n{self.output}")
            await asyncio.sleep(POLL_SECONDS)

    async def until_said(self, text: str) -> None:
        """Wait until its output has this text."""

        async def said() -> bool:
            return text in await asyncio.to_thread(lambda: self.output)

        await self.until(said)

    async def stop(self) -> int:
        """Tell it to end; return its exit code. One that does not end in time is killed."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        finally:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


async def run(command: list[str], network: Network, environment: Mapping[str, str]) -> str:
    """Run a program to its end and return its output; raise when it fails."""
    process = await asyncio.create_subprocess_exec(
        *network.command(*_tied_to_us(), *command),
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{said.decode(errors='replace')}")
    return said.decode(errors="replace")


def _tied_to_us() -> list[str]:
    """Leave no program behind when this process is killed, where the system can do that."""
    return ["setpriv", "--pdeathsig=KILL", "--"] if shutil.which("setpriv") else []
