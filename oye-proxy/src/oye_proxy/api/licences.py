"""`/api/licences`: what the proxy is made with."""

import asyncio
import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from oye_proxy.accounts import Scope
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.system_models import Licence

PACKAGE = "oye-proxy"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SEPARATORS = re.compile(r"[-_.]+")
_LICENCE_LENGTH = 100
_CLASSIFIER = "License :: OSI Approved :: "


async def list_licences(_exchange: Exchange) -> list[Licence]:
    """Answer every installed package that the proxy uses."""
    # Reads files: not inside the event loop.
    return list(await asyncio.to_thread(used_packages))


@cache
def used_packages() -> tuple[Licence, ...]:
    """Return the proxy and all that it needs, as far as it is installed, by name."""
    found: dict[str, Licence] = {}
    waiting = [PACKAGE]
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = _licence(package)
        waiting += [_required(line) for line in package.requires or () if "extra ==" not in line]
    return tuple(found[name] for name in sorted(found))


def _licence(package: Distribution) -> Licence:
    metadata = package.metadata.json
    urls = [line.split(",", 1) for line in _lines(metadata.get("project_url"))]
    pages = {label.strip().lower(): url.strip() for label, url in urls}
    names = ("homepage", "repository", "source", "source code", "documentation")
    return Licence(
        name=package.name,
        version=package.version,
        licence=_licence_of(metadata),
        home_page=next(iter(_lines(metadata.get("home_page"))), None)
        or next((pages[name] for name in names if name in pages), None),
    )


def _licence_of(metadata: dict[str, str | list[str]]) -> str | None:
    """Return the expression, else the name; a whole text is none, then the classifiers count."""
    for given in (metadata.get("license_expression"), metadata.get("license")):
        if isinstance(given, str) and given and len(given) <= _LICENCE_LENGTH:
            return given
    classifiers = [
        line.removeprefix(_CLASSIFIER)
        for line in _lines(metadata.get("classifier"))
        if line.startswith(_CLASSIFIER)
    ]
    return ", ".join(classifiers) or None


def _lines(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _required(line: str) -> str:
    found = _NAME.match(line)
    return found[0] if found else ""


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


ROUTES = (
    Route(
        method="GET",
        path="/api/licences",
        handler=list_licences,
        scope=Scope.READ,
        summary="The packages that the proxy is made with, and their licences",
        answer=list[Licence],
    ),
)
