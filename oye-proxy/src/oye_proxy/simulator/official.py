"""The official schemas, read once for all simulated chargers of a process."""

import functools

from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.schema_files import load_schema_texts


@functools.cache
def official_schemas() -> Schemas:
    """Return the official schemas; reads files at the first call."""
    return Schemas(load_schema_texts())
