"""`oye-proxy import-seed`, as an owner types it."""

from pathlib import Path

from tests.proxy.cli.conftest import Run
from tests.proxy.storage.test_node_file import made

from oye_proxy.storage.claim import claimed


def test_it_says_what_came_and_why_users_do_not(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "node.db", "INSERT INTO logs VALUES (43, 'a', 'b', 'c', 'd')").close()
    result = run("import-seed", str(tmp_path / "node.db"))
    again = run("import-seed", str(tmp_path / "node.db"))

    assert (0, "") == (result.code, result.err)
    assert [
        (
            "2 frames, 1 chargers, 0 limits of known chargers and 1 settings came along;"
            " what was here stays."
        ),
        "1 rows could not be read and stay behind.",
        (
            "Users stay behind: their passwords are unsalted hashes, which are easily guessed."
            " Make them anew:"
        ),
        "  oye-proxy users add 'admin'",
    ] == result.out.splitlines()
    assert again.out.startswith("0 frames, 0 chargers, 0 limits")
    assert "wss://csms.example/ocpp\n" == run("config", "get", "targetCsmsUrl").out


def test_frames_of_after_the_first_import_are_told_of(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "node.db").close()
    run("import-seed", str(tmp_path / "node.db"))
    made(tmp_path / "later.db", "INSERT INTO logs VALUES (45, 'a', 'b', 'c', 1)").close()

    assert "Up to 3 frames are newer" in run("import-seed", str(tmp_path / "later.db")).out


def test_a_proxy_that_runs_is_not_disturbed(run: Run, data_dir: Path, tmp_path: Path) -> None:
    made(tmp_path / "node.db").close()
    with claimed(data_dir / "db/oye-proxy.db"):
        result = run("import-seed", str(tmp_path / "node.db"))

    assert 1 == result.code
    assert "is in use by another OYE" in result.err


def test_what_is_no_such_file_is_one_sentence_and_makes_no_database(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    result = run("import-seed", str(tmp_path / "node.db"))

    assert 1 == result.code
    assert result.err.startswith("oye-proxy: there is no file ")
    assert not data_dir.exists()


def test_a_file_that_oye_took_over_in_place_has_nothing_left(run: Run, data_dir: Path) -> None:
    (data_dir / "db").mkdir(parents=True)
    made(data_dir / "db/oye-proxy.db").close()
    result = run("import-seed", str(data_dir / "db/oye-proxy.db"))

    assert 1 == result.code
    assert "is OYE's database now: there is nothing to import" in result.err
