"""The command line, called as a function; passwords come from standard input."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from oye_proxy import cli


class Result(Struct, frozen=True):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


_VARIABLES = (
    *("DATA_DIR", "DB_PATH", "USE_MEMORY_DB", "DATABASE_URL", "OYE_DATABASE_URL", "DB_HOST"),
    *("INITIAL_ADMIN_PASSWORD", "PORT"),
)

Run = Callable[..., Result]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the data folder of this test; `stdin` is what is typed into it."""
    for variable in _VARIABLES:
        monkeypatch.delenv(variable, raising=False)

    def run(*arguments: str, stdin: str = "", data: bool = True) -> Result:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        where = ["--data-dir", str(data_dir)] if data else []
        code = cli.main([*arguments, *where])
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return run
