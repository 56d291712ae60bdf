"""Meter values, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any

from .models import Meter, Sample
from .parsing_base import kept, kept_mapping
from .reading import flag, mapping, moment, number, text


def parse_meter(data: Mapping[str, Any], before: Meter) -> Meter:
    """Read the meter values of a connector."""
    meter = Meter(
        power_w=number(data.get("powerW")),
        power_estimated=flag(data.get("powerEstimated")),
        energy_wh=number(data.get("energyWh")),
        samples=parse_samples(data.get("samples"), before.samples),
    )
    return kept(meter, before)


def parse_samples(data: Any, before: Mapping[str, Sample]) -> Mapping[str, Sample]:
    """Read the newest sample of each measurand."""
    read = {
        measurand: kept(_sample(one), before.get(measurand))
        for measurand, one in mapping(data).items()
        if isinstance(one, dict)
    }
    return kept_mapping(read, before)


def _sample(data: Mapping[str, Any]) -> Sample:
    phases = {phase: number(one) for phase, one in mapping(data.get("phases")).items()}
    return Sample(
        value=number(data.get("value")),
        time=moment(data.get("time")),
        unit=text(data.get("unit")),
        phases={phase: one for phase, one in phases.items() if one is not None},
        context=text(data.get("context")),
        location=text(data.get("location")),
    )
