"""The electricity of a plant from its machines: diffusers, blowers, pumps, mixers."""

from renvand.plant.energy.account import Electricity, electricity
from renvand.plant.energy.air import Diffusers, air_flow, saturation, standard_rate
from renvand.plant.energy.blower import Blowers, adiabatic_power, blower_power
from renvand.plant.energy.equipment import Equipment, Pump, own_equipment, read_equipment
from renvand.plant.energy.pump import lifting

__all__ = [
    "Blowers",
    "Diffusers",
    "Electricity",
    "Equipment",
    "Pump",
    "adiabatic_power",
    "air_flow",
    "blower_power",
    "electricity",
    "lifting",
    "own_equipment",
    "read_equipment",
    "saturation",
    "standard_rate",
]
