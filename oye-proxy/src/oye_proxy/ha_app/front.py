"""What nginx's configuration depends on: names, networks, ports, limits, and where things are."""

from pathlib import Path

from msgspec import Struct

from oye_proxy.ha_app.names import TrustedName
from oye_proxy.ha_app.networks import Networks


class Ports(Struct, frozen=True, kw_only=True):
    """Where nginx listens."""

    plain: int = 9080
    tls: int = 9443
    integration: int = 8098
    ingress: int = 8099
    health: int = 8097


class Limits(Struct, frozen=True, kw_only=True):
    """How long and how much; the rates are per address and second."""

    quiet: str = "3600s"
    header: str = "15s"
    body: str = "30s"
    connections: int = 100
    handshakes: int = 5
    requests: int = 30
    burst: int = 100


class Front(Struct, frozen=True, kw_only=True):
    """
    Everything that the configuration depends on.

    `listens` are what stands before a port in a public `listen`. `serves` is False in the closed
    variant, which has the inner listeners alone. `user` is None for who is not root.
    """

    folder: Path
    public_socket: Path
    ingress_socket: Path
    names: tuple[TrustedName, ...] = ()
    allow_lan: bool = False
    trusted_proxies: tuple[str, ...] = ()
    hsts: bool = False
    log_requests: bool = False
    log: str = "/dev/stdout"
    serves: bool = True
    user: str | None = "www-data oye"
    http2: bool = False
    listens: tuple[str, ...] = ("", "[::]:")
    inner_listens: tuple[str, ...] = ("", "[::]:")
    ports: Ports = Ports()
    networks: Networks = Networks()
    limits: Limits = Limits()
