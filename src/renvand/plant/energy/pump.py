"""What pumps and mixers take."""

from __future__ import annotations

WATER_KWH = 1000 * 9.81 / 3.6e6  # kWh per m³ and m of head, without losses


def lifting(head: float, efficiency: float) -> float:
    """Electricity to lift a cubic metre of water. [kWh/m³]

    Parameters
    ----------
    head : float
        Height and friction together. [m]
    efficiency : float
        Of pump and motor, 0 to 1.
    """
    return WATER_KWH * head / efficiency
