"""`oye-proxy backup` and `restore`, as an owner types them."""

import stat
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy import cli
from oye_proxy.secrets_file import load_secrets
from oye_proxy.storage.claim import claimed


def test_all_data_goes_into_a_file_and_back(run: Run, data_dir: Path, tmp_path: Path) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    secrets = load_secrets(data_dir)
    file, other = tmp_path / "b.zip", tmp_path / "other"
    made = run("backup", str(file))
    back = run("restore", str(file), "--data-dir", str(other), data=False)
    users = run("users", "list", "--data-dir", str(other), data=False)

    assert (0, 0) == (made.code, back.code)
    assert made.out.startswith(f"{file} written: 1 rows in ")
    assert "restored: 1 rows in " in back.out
    assert "anna" == users.out.split("\t")[0]
    assert secrets == load_secrets(other)
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_the_file_has_a_name_of_its_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("config", "set", "autoChargeEnabled", "false")
    result = run("backup")
    (file,) = tmp_path.glob("oye-proxy-*.zip")

    assert result.out.startswith(f"{file.name} written: ")
    assert "There was no secrets.json" in result.out


def test_data_that_is_there_needs_force_and_is_kept(run: Run, tmp_path: Path) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    run("backup", str(tmp_path / "b.zip"))
    run("users", "add", "berta", stdin="correct horse\n")
    refused = run("restore", str(tmp_path / "b.zip"))
    done = run("restore", str(tmp_path / "b.zip"), "--force")

    assert 1 == refused.code
    assert "holds data: --force replaces it" in refused.err
    assert 0 == done.code
    assert "What was there before is in " in done.out
    assert ["anna"] == [line.split("\t")[0] for line in run("users", "list").out.splitlines()]


def test_a_proxy_that_runs_is_backed_up_and_never_replaced(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    with claimed(data_dir / "db/oye-proxy.db"):
        made = run("backup", str(tmp_path / "b.zip"))
        back = run("restore", str(tmp_path / "b.zip"), "--force")

    assert 0 == made.code
    assert 1 == back.code
    assert "is in use by another OYE" in back.err


def test_no_database_is_one_sentence_and_makes_none(run: Run, data_dir: Path) -> None:
    result = run("backup")

    assert (1, "") == (result.code, result.out)
    assert f"oye-proxy: there is no database {data_dir}/db/oye-proxy.db: name its" in result.err
    assert not data_dir.exists()


def test_a_database_in_memory_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_MEMORY_DB", "true")

    assert "lives in the proxy alone" in run("backup").err


def test_a_file_that_is_no_backup_is_one_sentence(run: Run, tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "b.zip").write_text("no backup")
    result = run("restore", str(tmp_path / "b.zip"))

    assert 1 == result.code
    assert 1 == result.err.count("\n")
    assert "is no backup of OYE, or it is damaged" in result.err
    assert not data_dir.exists()


def test_a_wrong_argument_is_code_2() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["restore"])

    assert 2 == ended.value.code
