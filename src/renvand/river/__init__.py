"""Receiving waters: the network, what it carries, and where a kilogram removed helps most."""

from renvand.river.hydraulics import Channel, channel, manning_depth
from renvand.river.network import Network, connect
from renvand.river.plume import mixing_length, plume, transverse_mixing
from renvand.river.quality import WORSE, water_class, worst_class
from renvand.river.residence import decayed, peclet_number
from renvand.river.snap import snap
from renvand.river.table import as_reaches, from_hydrorivers, network
from renvand.river.transport import Carried, carry, lateral_flow, withdrawn, worth
from renvand.river.uncertainty import Ensemble, Spread, ensemble, latin_hypercube

__all__ = [
    "WORSE",
    "Carried",
    "Channel",
    "Ensemble",
    "Network",
    "Spread",
    "as_reaches",
    "carry",
    "channel",
    "connect",
    "decayed",
    "ensemble",
    "from_hydrorivers",
    "lateral_flow",
    "latin_hypercube",
    "manning_depth",
    "mixing_length",
    "network",
    "peclet_number",
    "plume",
    "snap",
    "transverse_mixing",
    "water_class",
    "withdrawn",
    "worst_class",
    "worth",
]
