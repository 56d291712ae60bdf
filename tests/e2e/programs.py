"""The proxy and the CSMS as programs of their own, to be killed and started again."""

import asyncio
import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from tests.e2e.ledger_csms import Faults

from oye_proxy import errors

PASSWORD = "correct horse battery"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
_ROOT = Path(__file__).parents[2]
_PYTHONPATH = f"{_ROOT}:{Path(errors.__file__).parents[1]}"  # the package of this process
_POLL_SECONDS = 0.02


class Program:
    """A program that can be started again; its output is kept, one file each time."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.starts = 0
        self.command = [*command]
        self._folder = folder
        self._environment = {"PYTHONPATH": _PYTHONPATH, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Everything that it ever said."""
        files = sorted(self._folder.glob("output-*"))
        return "".join(file.read_text(errors="replace") for file in files)

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        assert self._process is not None
        return self._process.poll()

    def start(self) -> None:
        """Start it, and return at once."""
        self._close_input()
        self.starts += 1
        with self._output_file().open("wb") as output:
            self._process = subprocess.Popen(
                [*_tied_to_us(), *self.command],
                cwd=_ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    async def until_ready(self) -> bool:
        """Wait until it says that it is ready; False when it ended instead."""
        return await asyncio.to_thread(self.wait_ready)

    def wait_ready(self) -> bool:
        """Do the same without a loop."""
        deadline = time.monotonic() + START_SECONDS
        while b"Ready.\n" not in self._output_file().read_bytes():
            if self.exit_code is not None:
                return False
            if time.monotonic() > deadline:
                raise TimeoutError(self.output)
            time.sleep(_POLL_SECONDS)
        return True

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_input()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for its end and return its exit code."""
        assert self._process is not None
        code = self._process.wait(seconds)
        self._close_input()
        return code

    def say(self, line: bytes) -> None:
        """Write a line to its input; it hears nothing when it is dead."""
        assert self._process is not None
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line + b"\n")
                self._process.stdin.flush()

    def _output_file(self) -> Path:
        return self._folder / f"output-{self.starts:03}"

    def _close_input(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()


class CsmsProgram(Program):
    """The CSMS with a ledger; port and ledger stay over its deaths."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.ledger = folder / "ledger"
        program = str(Path(__file__).with_name("ledger_csms.py"))
        self._arguments = [sys.executable, program, str(self.port), str(self.ledger)]
        super().__init__([], folder, {})
        self.begin_with(Faults())

    def begin_with(self, faults: Faults) -> None:
        """Misbehave so from the next start on."""
        self.command = [*self._arguments, msgspec.json.encode(faults).decode()]

    def misbehave(self, faults: Faults) -> None:
        """Tell it how to misbehave, until it is told or started again."""
        self.say(msgspec.json.encode(faults))


class ProxyProgram(Program):
    """`oye-proxy serve`; port and data stay over its deaths."""

    def __init__(self, folder: Path, csms_port: int | None, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.data_dir = folder / "data"
        self._options = ["--host", "127.0.0.1", "--port", str(self.port)]
        if csms_port is not None:
            self._options += ["--csms-url", f"ws://127.0.0.1:{csms_port}"]
        environment = {
            "OYE_STORAGE_DATA_DIR": str(self.data_dir),
            "INITIAL_ADMIN_PASSWORD": PASSWORD,
            **settings,
        }
        super().__init__([], folder, environment)
        self.launch_with("-m", "oye_proxy")

    @property
    def url(self) -> str:
        """Where chargers connect."""
        return f"ws://127.0.0.1:{self.port}"

    def launch_with(self, *launcher: str) -> None:
        """Start it by other means from now on: a module or a script with its arguments."""
        self.command = [sys.executable, *launcher, "serve", *self._options]


@contextlib.contextmanager
def alive(*programs: Program) -> Iterator[None]:
    """Leave none of these programs behind."""
    try:
        yield
    finally:
        for program in programs:
            program.kill()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tied_to_us() -> list[str]:
    """Let tests that are killed leave no program behind, where the system can do that."""
    return ["setpriv", "--pdeathsig=KILL", "--"] if shutil.which("setpriv") else []
