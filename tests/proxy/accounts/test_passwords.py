from oye_proxy.accounts import Passwords


async def test_hashes_are_argon2id_and_salted(passwords: Passwords) -> None:
    first, second = await passwords.hash("secret"), await passwords.hash("secret")

    assert first.startswith("$argon2id$")
    assert first != second
    assert await passwords.verify(first, b"secret")
    assert not await passwords.verify(first, "Secret")
    assert not await passwords.verify("not a hash", "secret")
    assert not await passwords.verify(None, "secret")
