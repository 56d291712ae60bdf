"""The app comes with the integration as it is in `custom_components`, byte for byte."""

import subprocess
import sys
from pathlib import Path

from bundle.__main__ import COPY, ROOT, SOURCE, make, stale


def test_the_copy_is_current() -> None:
    assert [] == stale()
    assert (SOURCE / "manifest.json").read_bytes() == (COPY / "manifest.json").read_bytes()


def test_what_differs_is_named_and_made_anew(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    for name, text in (("a.py", "a"), ("b.py", "b"), ("x/c.py", "c"), ("__pycache__/a.pyc", "a")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    make(source, copy)
    before = stale(source, copy)
    (copy / "a.py").write_text("changed")
    (copy / "b.py").unlink()
    (copy / "d.py").write_text("left over")
    differing = stale(source, copy)
    make(source, copy)

    assert ([], ["a.py", "b.py", "d.py"], []) == (before, differing, stale(source, copy))
    assert not (copy / "__pycache__").exists()


def test_the_command_is_content_with_a_current_copy() -> None:
    command = [sys.executable, "-m", "bundle", "--check"]
    checked = subprocess.run(command, cwd=ROOT / "scripts", check=True, capture_output=True)

    assert b"" == checked.stdout
