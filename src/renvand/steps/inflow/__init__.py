"""The inflow of a plant: parted into components, spread over the day, or made up."""

from renvand.steps.inflow.daily import Pattern, dynamic
from renvand.steps.inflow.fractions import Fractions, characterise
from renvand.steps.inflow.generator import Catchment, generate
from renvand.steps.inflow.mean import own_mean

__all__ = ["Catchment", "Fractions", "Pattern", "characterise", "dynamic", "generate", "own_mean"]
