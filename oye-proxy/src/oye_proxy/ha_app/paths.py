"""Where the app keeps what; a parameter of everything, so that tests use a folder of their own."""

from pathlib import Path

from msgspec import Struct


class Paths(Struct, frozen=True, kw_only=True):
    """
    The roots of the app.

    `data` survives restarts, `ssl` is Home Assistant's folder of certificates, `run` is made anew
    at each start. `homeassistant` is the configuration of Core, `bundle` the integration that comes
    with the app. What root reads as instruction is never in a folder that the proxy can write.
    """

    data: Path = Path("/data")
    ssl: Path = Path("/ssl")
    run: Path = Path("/run/oye")
    homeassistant: Path = Path("/homeassistant")
    bundle: Path = Path("/usr/share/oye/custom_components/oye")

    @property
    def options(self) -> Path:
        """What Supervisor writes at each start."""
        return self.data / "options.json"

    @property
    def proxy_data(self) -> Path:
        """The proxy's own folder: database, secrets."""
        return self.data / "oye"

    @property
    def database(self) -> Path:
        """The proxy's SQLite database."""
        return self.proxy_data / "db/oye-proxy.db"

    @property
    def snapshot(self) -> Path:
        """The copy of it that a backup takes."""
        return self.proxy_data / "snapshot/oye-proxy.db"

    @property
    def own_tls(self) -> Path:
        """The pairs that we made."""
        return self.data / "tls"

    @property
    def tls(self) -> Path:
        """The pairs in use."""
        return self.run / "tls"

    @property
    def settings(self) -> Path:
        """The proxy's settings file."""
        return self.run / "settings.json"

    @property
    def status(self) -> Path:
        """What the proxy is told."""
        return self.run / "status.json"

    @property
    def nginx_conf(self) -> Path:
        """The configuration of nginx."""
        return self.run / "nginx.conf"

    @property
    def announced(self) -> Path:
        """What Home Assistant was told of the app."""
        return self.run / "announced.json"

    @property
    def notices(self) -> Path:
        """The notifications that wait for Core."""
        return self.run / "notices"

    @property
    def sockets(self) -> Path:
        """The folder of the proxy's sockets, its own."""
        return self.run / "sock"

    @property
    def public_socket(self) -> Path:
        """The proxy's site for everybody."""
        return self.sockets / "public.sock"

    @property
    def ingress_socket(self) -> Path:
        """The proxy's site for Home Assistant's user interface."""
        return self.sockets / "ingress.sock"
