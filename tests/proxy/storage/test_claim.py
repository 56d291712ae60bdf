"""One proxy at a time on a database file, told from a lock that ends with its process."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.storage.claim import claimed, lock_file

HOLD = """
import sys
from pathlib import Path
from oye_proxy.storage.claim import claimed
with claimed(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""


def test_a_second_claim_names_the_process_that_has_it(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    with (
        claimed(path),
        pytest.raises(StorageError, match=rf"another OYE \(process {os.getpid()}\): stop that one"),
        claimed(path),
    ):
        pass


def test_a_claim_can_be_given_back_and_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        with claimed(tmp_path / "o.db"):
            pass


def test_two_names_of_one_file_are_one_claim(tmp_path: Path) -> None:
    (tmp_path / "o.db").touch()
    (tmp_path / "link.db").symlink_to("o.db")

    assert lock_file(tmp_path / "o.db") == lock_file(tmp_path / "link.db")


def test_a_killed_process_leaves_no_claim(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(StorageError, match=rf"process {holder.pid}"), claimed(path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()

    with claimed(path):
        pass


def test_a_lock_file_with_nonsense_in_it_is_no_reason_to_fail(tmp_path: Path) -> None:
    lock_file(tmp_path / "o.db").write_bytes(b"\xff\x00 nonsense" * 10)
    with (
        claimed(tmp_path / "o.db"),
        pytest.raises(StorageError, match="another OYE"),
        claimed(tmp_path / "o.db"),
    ):
        pass


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "cannot be written to: make it writable for OYE, or choose another one"),
        (errno.EACCES, "cannot be written to: make it writable for OYE, or choose another one"),
        (errno.ENOSPC, "is on a disk that is full: make room on it"),
    ],
)
def test_a_folder_without_room_for_the_lock_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(StorageError, match=f"the folder {tmp_path} of the database {words}"),
        claimed(tmp_path / "o.db"),
    ):
        pass
