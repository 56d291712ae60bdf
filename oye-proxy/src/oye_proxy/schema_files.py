"""The official JSON Schemas, as texts out of the installed `ocpp` package."""

from collections.abc import Mapping
from importlib.resources import files

_FOLDERS = {"1.6": "v16", "2.0.1": "v201", "2.1": "v21"}


def load_schema_texts() -> Mapping[tuple[str, str], str]:
    """
    Read every schema: (OCPP version, file name without `.json`) → text.

    Only the package's empty top level is imported, so this costs the reading of some 400 small
    files and nothing else; whoever uses a text compiles it.
    """
    package = files("ocpp")
    return {
        (version, file.name.removesuffix(".json")): file.read_text(encoding="utf-8")
        for version, folder in _FOLDERS.items()
        for file in package.joinpath(folder, "schemas").iterdir()
        if file.name.endswith(".json")
    }
