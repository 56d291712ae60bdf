"""The nginx program: which version it is, whether it takes a configuration, and a reload."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from oye_proxy.ha_app.files import Owner, write_file

TIMEOUT: Final = 30.0
MODE: Final = 0o640
# Debian keeps nginx where only root looks.
_FOLDERS: Final = "/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"
_RELOAD: Final = ("s6-svc", "-h", "/run/service/nginx")


class Nginx:
    """One nginx with its configuration file."""

    def __init__(
        self,
        configuration: Path,
        *,
        program: str | None = None,
        reload_command: Sequence[str] | None = None,
    ) -> None:
        self._configuration = configuration
        self._program = program or shutil.which("nginx", path=_FOLDERS) or "nginx"
        self._reload_command = reload_command or _RELOAD

    def version(self) -> tuple[int, ...]:
        """Return the version; empty when there is none to ask."""
        found = re.search(r"nginx/([\d.]+)", self._run(self._program, "-v")[1])
        return tuple(int(part) for part in found[1].split(".")) if found else ()

    def install(self, text: str, owner: Owner) -> str | None:
        """Put a configuration in place if nginx takes it; else keep the old one, return why."""
        candidate = self._configuration.with_suffix(".new")
        write_file(candidate, text.encode(), MODE, owner)
        trouble = self._check(candidate)
        if trouble is None:
            candidate.replace(self._configuration)
        else:
            candidate.unlink()
        return trouble

    def check(self) -> str | None:
        """Return why nginx would not start as it is configured; None when it would."""
        return self._check(self._configuration)

    def reload(self) -> str | None:
        """Make nginx read everything anew, without an end to any connection; return trouble."""
        code, said = self._run(*self._reload_command)
        return None if code == 0 else f"nginx was not told to reload: {said}"

    def _check(self, configuration: Path) -> str | None:
        code, said = self._run(self._program, "-t", "-q", "-e", "stderr", "-c", str(configuration))
        return None if code == 0 else said.replace(f" in {configuration}", "")

    def _run(self, *command: str) -> tuple[int, str]:
        """Return the exit code and the first line of what was said."""
        try:
            ended = subprocess.run(  # noqa: S603 - our own commands
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=TIMEOUT,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return -1, str(error)
        lines = ended.stdout.decode(errors="replace").strip().splitlines()
        return ended.returncode, lines[0] if lines else f"it ended with {ended.returncode}"
