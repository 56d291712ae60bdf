from pathlib import Path

import pytest

from oye_proxy.errors import SettingsError
from oye_proxy.settings.database_url import DatabaseUrl, Tls, composed_url, parse_database_url
from oye_proxy.settings.tree import Secret


@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "postgresql", "postgres"])
def test_an_address_is_taken_apart(scheme: str) -> None:
    url = Secret(f"{scheme}://us%40er:p%2Fa%3As%20s@db.example/o%25ye")

    assert DatabaseUrl(
        host="db.example", port=5432, user="us@er", password=Secret("p/a:s s"), database="o%ye"
    ) == parse_database_url(url)


@pytest.mark.parametrize(
    ("option", "tls"),
    [
        ("", Tls.DISABLE),
        ("?sslmode=disable", Tls.DISABLE),
        ("?sslmode=require", Tls.REQUIRE),
        ("?ssl=verify-full", Tls.VERIFY_FULL),
        ("?ssl=true", Tls.VERIFY_FULL),
    ],
)
def test_its_options_say_how_it_is_protected(option: str, tls: Tls) -> None:
    assert tls is parse_database_url(Secret(f"postgresql://a@b/c{option}")).tls


def test_an_own_ca_is_a_file() -> None:
    url = parse_database_url(Secret("postgresql://b/c?sslmode=verify-full&sslrootcert=/ca.pem"))

    assert Path("/ca.pem") == url.ca_file


def test_a_unix_socket_is_a_folder() -> None:
    url = parse_database_url(Secret("postgresql://a:b@/oye?host=/run/postgresql"))

    assert ("/run/postgresql", "oye on /run/postgresql:5432") == (url.host, url.name)


def test_the_name_can_be_shown() -> None:
    url = parse_database_url(Secret("postgresql://a:hidden@[::1]:5433/oye"))

    assert "oye on [::1]:5433" == url.name


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://a:hidden@b/c", "expected postgresql+asyncpg://user"),
        ("hidden", "expected postgresql+asyncpg://user"),
        ("postgresql://a:hidden@/c", "the host is missing"),
        ("postgresql://a:hidden@b", "the database is missing"),
        ("postgresql://a:hidden@b:x/c", "write special characters as %XX"),
        (
            "postgresql://a:hidden@b/c?sslmode=prefer",
            "must be one of disable, require, verify-full",
        ),
        ("postgresql://a:hidden@b/c?pool=3", "the option pool is not known, only host, ssl"),
    ],
)
def test_a_problem_is_told_without_the_address(url: str, problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_database_url(Secret(url))

    assert str(caught.value).startswith("storage.database_url: ")
    assert problem in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (
            {"DB_HOST": "db", "DB_NAME": "oye"},
            DatabaseUrl(host="db", database="oye"),
        ),
        (
            {
                "DB_HOST": "::1",
                "DB_PORT": "5433",
                "DB_USER": "us:er",
                "DB_PASSWORD": "p@ss:/?# wörd",
                "DB_NAME": "my oye",
                "DB_SSL": "true",
            },
            DatabaseUrl(
                host="::1",
                port=5433,
                user="us:er",
                password=Secret("p@ss:/?# wörd"),
                database="my oye",
                tls=Tls.VERIFY_FULL,
            ),
        ),
        (
            {"DB_HOST": "/run/postgresql", "DB_USER": "oye", "DB_NAME": "oye", "DB_SSL": "false"},
            DatabaseUrl(host="/run/postgresql", user="oye", database="oye"),
        ),
    ],
)
def test_the_node_proxy_s_variables_make_an_address(
    environment: dict[str, str], expected: DatabaseUrl
) -> None:
    """`DB_HOST` selects PostgreSQL, and `DB_SSL=true` verifies its certificate."""
    made = composed_url(environment)

    assert made is not None
    assert expected == parse_database_url(Secret(made))


def test_without_a_host_they_make_none() -> None:
    assert composed_url({"DB_NAME": "oye", "DB_PASSWORD": "x"}) is None
