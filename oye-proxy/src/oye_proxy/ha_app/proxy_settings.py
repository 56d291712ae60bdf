"""The settings file of the proxy, made from the options of the app."""

from typing import Any

import msgspec

from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.settings import LogFormat


def proxy_settings(options: Options, paths: Paths) -> bytes:
    """Return the JSON that `oye-proxy serve --settings` reads."""
    groups: dict[str, dict[str, Any]] = {
        "server": {
            "public_socket": str(paths.public_socket),
            "ingress_socket": str(paths.ingress_socket),
            "status_file": str(paths.status),
        },
        "storage": {"data_dir": str(paths.proxy_data)},
        "csms": {},
        "log": {"level": options.log_level.value, "format": LogFormat.TEXT.value},
    }
    if options.database_url is not None:
        groups["storage"]["database_url"] = options.database_url.reveal()
    if options.csms_url is not None:
        groups["csms"]["url"] = options.csms_url
    return msgspec.json.format(msgspec.json.encode(groups)) + b"\n"
