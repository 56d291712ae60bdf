"""What the proxy is made with."""

from tests.proxy.api.conftest import Api

from oye_proxy.api.licences import PACKAGE, used_packages


async def test_every_package_that_is_used_is_told_with_its_licence(api: Api) -> None:
    status, packages = await api.ask("GET", "/api/licences")
    names = [package["name"].lower() for package in packages]

    assert 200 == status
    assert {"aiohttp", "msgspec", "sqlalchemy", "websockets"} < set(names)
    assert PACKAGE in names
    assert sorted(names) == sorted(set(names))
    assert [] == [package["name"] for package in packages if not package["licence"]]


def test_what_the_packages_need_in_turn_is_there() -> None:
    assert "multidict" in [package.name for package in used_packages()]


def test_no_tool_of_development_is() -> None:
    assert "pytest" not in [package.name for package in used_packages()]
