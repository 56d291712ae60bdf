"""What the tests of models share: the models of a module, and the keys of their JSON."""

from types import ModuleType

import msgspec


def models_of(module: ModuleType) -> list[type[msgspec.Struct]]:
    """Return the models that a module describes."""
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, msgspec.Struct)
        and one.__module__ == module.__name__
    ]


def keys_of(model: type[msgspec.Struct]) -> list[str]:
    """Return the keys of a model's JSON."""
    return [field.encode_name for field in msgspec.structs.fields(model)]
