"""The proxy understands what the app writes for it."""

from tests.proxy.ha_app.conftest import options_of

from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.proxy_settings import proxy_settings
from oye_proxy.settings import LogFormat, LogLevel, Secret, load


def test_the_proxy_reads_what_the_options_mean(paths: Paths) -> None:
    options = options_of(
        paths,
        csms_url="wss://csms.example.com/ocpp",
        database_url="postgresql://a:b@db/oye",
        log_level="warning",
    )
    paths.settings.write_bytes(proxy_settings(options, paths))
    settings = load({}, {}, paths.settings).settings

    assert paths.public_socket == settings.server.public_socket
    assert paths.ingress_socket == settings.server.ingress_socket
    assert paths.status == settings.server.status_file
    assert paths.proxy_data == settings.storage.data_dir
    assert Secret("postgresql://a:b@db/oye") == settings.storage.database_url
    assert "wss://csms.example.com/ocpp" == settings.csms.url
    assert (LogLevel.WARNING, LogFormat.TEXT) == (settings.log.level, settings.log.format)


def test_what_is_not_set_stays_the_proxys_default(paths: Paths) -> None:
    paths.settings.write_bytes(proxy_settings(options_of(paths), paths))
    settings = load({}, {}, paths.settings).settings

    assert (None, None) == (settings.csms.url, settings.storage.database_url)
