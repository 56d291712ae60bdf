"""What root reads as instruction is never in a folder that the proxy can write."""

from oye_proxy.ha_app.paths import Paths


def test_the_proxy_writes_in_its_own_folders_alone() -> None:
    paths = Paths()
    written_by_the_proxy = (paths.proxy_data, paths.sockets)
    read_by_root = (paths.options, paths.own_tls, paths.tls, paths.nginx_conf, paths.settings)

    assert not any(
        instruction.is_relative_to(folder)
        for instruction in read_by_root
        for folder in written_by_the_proxy
    )


def test_the_paths_are_those_that_the_services_know() -> None:
    paths = Paths()

    assert [
        "/data/oye",
        "/run/oye/settings.json",
        "/run/oye/status.json",
        "/run/oye/nginx.conf",
        "/run/oye/sock/public.sock",
        "/run/oye/sock/ingress.sock",
    ] == list(
        map(
            str,
            (
                paths.proxy_data,
                paths.settings,
                paths.status,
                paths.nginx_conf,
                paths.public_socket,
                paths.ingress_socket,
            ),
        )
    )
