"""A configuration is tested before it is used; the old one stays when the new one is broken."""

from pathlib import Path

from oye_proxy.ha_app.files import NOBODY_ELSE
from oye_proxy.ha_app.nginx import Nginx

GOOD = "daemon off; pid {folder}/nginx.pid; events {{ }}\n"


def nginx(folder: Path, command: str = "true") -> Nginx:
    return Nginx(folder / "nginx.conf", reload_command=["sh", "-c", command])


def test_a_good_configuration_is_put_in_place(tmp_path: Path) -> None:
    text = GOOD.format(folder=tmp_path)

    assert nginx(tmp_path).install(text, NOBODY_ELSE) is None
    assert text == (tmp_path / "nginx.conf").read_text()
    assert nginx(tmp_path).check() is None


def test_a_broken_one_leaves_the_old_one(tmp_path: Path) -> None:
    text = GOOD.format(folder=tmp_path)
    nginx(tmp_path).install(text, NOBODY_ELSE)
    trouble = nginx(tmp_path).install("events { } x y;", NOBODY_ELSE)

    assert trouble is not None
    assert 'unknown directive "x"' in trouble
    assert text == (tmp_path / "nginx.conf").read_text()
    assert not (tmp_path / "nginx.new").exists()


def test_the_version_is_asked(tmp_path: Path) -> None:
    assert nginx(tmp_path).version() >= (1, 18)


def test_a_machine_without_nginx_has_no_version_and_takes_nothing(tmp_path: Path) -> None:
    missing = Nginx(tmp_path / "nginx.conf", program=str(tmp_path / "nginx"))

    assert () == missing.version()
    assert missing.install("", NOBODY_ELSE) is not None


def test_a_reload_that_fails_says_why(tmp_path: Path) -> None:
    assert nginx(tmp_path).reload() is None
    assert "nginx was not told to reload: no such service" == (
        nginx(tmp_path, "echo no such service; exit 1").reload()
    )
