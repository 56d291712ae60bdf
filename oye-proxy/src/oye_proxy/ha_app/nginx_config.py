"""
The configuration of nginx, rendered whole: one function per block.

Who is served: trusted names from anywhere; addresses and `.local` names from private networks, when
the owner allows the LAN; nobody else. The rules are in `docs/ARCHITECTURE.md`. Only checked values
are put in: names and networks come from `names.py` and `networks.py`, the rest from our own code.
"""

from collections.abc import Iterator
from textwrap import indent
from typing import Final

from oye_proxy.ha_app.front import Front, Limits
from oye_proxy.ha_app.names import NameKind, TrustedName

CIPHERS: Final = ":".join(
    (
        *("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
        *("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"),
        *("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"),
        # What the OCPP security profiles demand of a CSMS, for old chargers; the last resort.
        *("AES128-GCM-SHA256", "AES256-GCM-SHA384"),
    )
)
# The first segments of a path that are the API's or the console's, never a charger's.
NOT_CHARGERS: Final = "api|assets|health|metrics"
LAN_HOSTS: Final = (
    "*.local",
    r'"~^\d{1,3}(?:\.\d{1,3}){3}$"',
    r'"~^\[[0-9a-f:.]+\]$"',
)

_REFUSED: Final = 'nginx: refused host "$host" from $remote_addr (missing in trusted_domains?)'
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
# No query and no header: what is secret may be there.
_REQUEST: Final = (
    "nginx: $remote_addr $request_method $host$uri $status $body_bytes_sent bytes"
    " in $request_time s, upstream $upstream_connect_time $upstream_header_time"
    " $upstream_response_time s"
)


def render_nginx(front: Front) -> str:
    """Return the text of `nginx.conf`."""
    user = () if front.user is None else (f"user {front.user};",)
    return "\n".join(
        (
            *user,
            "daemon off;",
            f"pid {front.folder}/nginx.pid;",
            f"error_log stderr {'info' if front.log_requests else 'warn'};",
            _block("events", "worker_connections 1024;"),
            _block("http", *_http(front)),
            "",
        )
    )


def _http(front: Front) -> Iterator[str]:
    yield from _basics(front)
    yield from _maps(front)
    yield from _rates(front.limits)
    yield from _upstreams(front)
    yield from _passing(front.limits)
    if front.serves:
        yield from _tls(front)
        yield _nobody(front)
        yield from (_trusted(front, name) for name in front.names)
        if front.allow_lan:
            yield _lan(front)
    yield _integration(front)
    yield _ingress(front)
    yield _health(front)
    if front.serves:
        # Regular expressions are tried in the order of the file: this one takes what is left.
        yield _strangers(front)


# Settings of all servers


def _basics(front: Front) -> Iterator[str]:
    limits = front.limits
    yield from (
        # Of its own, so that nginx also runs for who is not root.
        *(f"{what}_temp_path {front.folder}/temp-{what};" for what in _TEMPORARY),
        "server_tokens off;",
        "server_names_hash_bucket_size 512;",
        "server_names_hash_max_size 4096;",
        "client_max_body_size 1m;",
        f"client_header_timeout {limits.header};",
        f"client_body_timeout {limits.body};",
        f"log_format refused '{_REFUSED}';",
        f"log_format request '{_REQUEST}';",
        f"access_log {front.log} request;" if front.log_requests else "access_log off;",
    )


def _maps(front: Front) -> Iterator[str]:
    """Tell who asks for what; a client's own text never stands in front of a separator."""
    yield _block("map $http_upgrade $oye_upgrade", "default 0;", r'"~*^\s*websocket\s*$" 1;')
    yield _block("map $oye_upgrade $oye_connection", "default '';", "1 upgrade;")
    yield _block(
        "geo $realip_remote_addr $oye_lan",
        "default 0;",
        *(f"{network} {value};" for network, value in _lan_networks(front).items()),
    )
    yield _block(
        "geo $realip_remote_addr $oye_via",
        "default 0;",
        *(f"{network} 1;" for network in front.trusted_proxies),
    )
    yield _block(
        'map "$oye_via:$http_x_forwarded_proto" $oye_proto',
        "default $scheme;",
        '"1:https" https;',
    )
    # The raw path, as the proxy judges it.
    yield _block(
        'map "$oye_upgrade:$request_uri" $oye_charger',
        "default 0;",
        rf'"~*^1:/(?!(?:{NOT_CHARGERS})(?:[/?]|$))" 1;',
    )
    yield _block(
        'map "$oye_charger:$oye_proto:$oye_lan:$oye_via" $oye_clear',
        "default 0;",
        '"0:http:0:0" 1;',
    )
    # An empty key is not counted.
    yield _block("map $oye_charger $oye_charger_key", "default '';", "1 $binary_remote_addr;")
    yield _block("map $oye_charger $oye_web_key", "default '';", "0 $binary_remote_addr;")
    if front.hsts:
        yield _block("map $https $oye_hsts", "default '';", 'on "max-age=31536000";')


def _lan_networks(front: Front) -> dict[str, int]:
    """Return each network once; who speaks for others is not the LAN itself."""
    networks = front.networks
    return (
        dict.fromkeys(networks.lan, 1)
        | dict.fromkeys(networks.bridge, 0)
        | dict.fromkeys(front.trusted_proxies, 0)
    )


def _rates(limits: Limits) -> Iterator[str]:
    yield from (
        "limit_conn_zone $binary_remote_addr zone=connections:1m;",
        f"limit_conn connections {limits.connections};",
        "limit_conn_status 429;",
        # Whoever knocks too often does not fill the log as well.
        "limit_conn_log_level info;",
        f"limit_req_zone $oye_charger_key zone=handshakes:1m rate={limits.handshakes}r/s;",
        f"limit_req_zone $oye_web_key zone=requests:1m rate={limits.requests}r/s;",
        "limit_req_status 429;",
        "limit_req_log_level info;",
    )


def _upstreams(front: Front) -> Iterator[str]:
    yield _block("upstream oye_public", f"server unix:{front.public_socket};", "keepalive 8;")
    yield _block("upstream oye_ingress", f"server unix:{front.ingress_socket};")


def _passing(limits: Limits) -> Iterator[str]:
    """Pass everything on at once, say who the client is, and nothing that only ingress may say."""
    yield from (
        "proxy_http_version 1.1;",
        "proxy_buffering off;",
        "proxy_request_buffering off;",
        "proxy_connect_timeout 60s;",
        f"proxy_read_timeout {limits.quiet};",
        f"proxy_send_timeout {limits.quiet};",
        *_WEBSOCKET,
        "proxy_set_header X-Real-IP $remote_addr;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Host $host;",
        "proxy_set_header X-Forwarded-Proto $oye_proto;",
        'proxy_set_header Forwarded "";',
        'proxy_set_header X-Ingress-Path "";',
        'proxy_set_header X-Hass-Source "";',
        *(f'proxy_set_header X-Remote-User-{what} "";' for what in ("Id", "Name", "Display-Name")),
    )


_WEBSOCKET: Final = (
    "proxy_set_header Host $http_host;",
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $oye_connection;",
)


def _tls(front: Front) -> Iterator[str]:
    yield from (
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_prefer_server_ciphers on;",
        f"ssl_ciphers {CIPHERS};",
        "ssl_session_tickets off;",
        "ssl_session_cache shared:oye:2m;",
        "ssl_session_timeout 10m;",
        *_certificate(front, "lan"),
    )
    if front.http2:
        yield "http2 on;"


# One server each


def _nobody(front: Front) -> str:
    """Take who names no host: with TLS that is, among others, who comes by an address."""
    by_address = front.allow_lan or any(name.kind is NameKind.ADDRESS for name in front.names)
    kept_alive = "so_keepalive=60s:20s:4"
    return _block(
        "server",
        *_listens(front.listens, front.ports.plain, f"default_server {kept_alive}"),
        *_listens(front.listens, front.ports.tls, f"ssl default_server {kept_alive}"),
        'server_name "";',
        *(() if by_address else ("ssl_reject_handshake on;",)),
        *_refusing(front),
    )


def _trusted(front: Front, name: TrustedName) -> str:
    own = () if name.kind is NameKind.ADDRESS else _certificate(front, "main")
    real = [f"set_real_ip_from {network};" for network in front.trusted_proxies]
    if real:
        real += ["real_ip_header X-Forwarded-For;", "real_ip_recursive on;"]
    hsts = ("add_header Strict-Transport-Security $oye_hsts always;",) if front.hsts else ()
    return _block(
        "server",
        *_public_listens(front),
        f"server_name {name.text};",
        *own,
        *real,
        *hsts,
        _block("location /", "if ($oye_clear) { return 403; }", *_serving(front.limits)),
    )


def _lan(front: Front) -> str:
    trusted = {name.text for name in front.names}
    return _block(
        "server",
        *_public_listens(front),
        f"server_name {' '.join(host for host in LAN_HOSTS if host not in trusted)};",
        "if ($oye_lan = 0) { return 444; }",
        _block("location /", *_serving(front.limits)),
    )


def _integration(front: Front) -> str:
    return _block(
        "server",
        *_listens(front.inner_listens, front.ports.integration),
        *(f"allow {network};" for network in front.networks.bridge),
        "deny all;",
        _block("location /", "proxy_pass http://oye_public;"),
    )


def _ingress(front: Front) -> str:
    """Supervisor's own headers pass; this list replaces the common one, which takes them away."""
    return _block(
        "server",
        *_listens(front.inner_listens[:1], front.ports.ingress),
        f"allow {front.networks.supervisor};",
        "deny all;",
        _block(
            "location /",
            *_WEBSOCKET,
            "proxy_set_header X-Ingress-Path $http_x_ingress_path;",
            "proxy_pass http://oye_ingress;",
        ),
    )


def _health(front: Front) -> str:
    return _block(
        "server",
        f"listen 127.0.0.1:{front.ports.health};",
        "access_log off;",
        _block("location = /health", "proxy_pass http://oye_public;"),
        _block("location /", "return 444;"),
    )


def _strangers(front: Front) -> str:
    return _block(
        "server",
        *_public_listens(front),
        "server_name ~^.;",
        "ssl_reject_handshake on;",
        *_refusing(front),
    )


def _serving(limits: Limits) -> tuple[str, ...]:
    """Without a URI part in `proxy_pass` the path arrives byte for byte."""
    return (
        f"limit_req zone=handshakes burst={limits.burst} nodelay;",
        f"limit_req zone=requests burst={limits.burst} nodelay;",
        "proxy_pass http://oye_public;",
    )


def _refusing(front: Front) -> tuple[str, str]:
    """A charger in the house with a wrong name is to be found; strangers are not logged."""
    return f"access_log {front.log} refused if=$oye_lan;", "return 444;"


def _public_listens(front: Front) -> tuple[str, ...]:
    return (
        *_listens(front.listens, front.ports.plain),
        *_listens(front.listens, front.ports.tls, "ssl"),
    )


def _listens(before: tuple[str, ...], port: int, parameters: str = "") -> tuple[str, ...]:
    return tuple(f"{f'listen {address}{port} {parameters}'.rstrip()};" for address in before)


def _certificate(front: Front, purpose: str) -> tuple[str, str]:
    pair = f"{front.folder}/tls/{purpose}"
    return f"ssl_certificate {pair}.pem;", f"ssl_certificate_key {pair}.key;"


def _block(head: str, *lines: str) -> str:
    return f"{head} {{\n{indent(chr(10).join(lines), '  ')}\n}}"
