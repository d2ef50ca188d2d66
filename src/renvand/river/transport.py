"""Loads carried down the network, and the worth of a kilogram removed carried up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.river.kernels import down_split, down_tree, up_split, up_tree
from renvand.river.network import Floats, Network

SECONDS_PER_DAY = 86_400.0  # s/d
MG_L_PER_KG_D = 1e3 / SECONDS_PER_DAY  # (mg/L) (m³/s) / (kg/d)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """One substance in every reach, steady; arrays in topological order."""

    entering_kg_d: Floats  # (reach,) at the head, everything joined
    kept: Floats  # (reach,) share left at the end
    flow: Floats  # (reach,) m³/s

    @property
    def leaving_kg_d(self) -> Floats:
        """Load at the end of each reach, after decay."""
        return self.entering_kg_d * self.kept

    @property
    def head_mg_l(self) -> Floats:
        """Concentration at the head of each reach, fully mixed."""
        return self.entering_kg_d * (MG_L_PER_KG_D / self.flow)

    @property
    def end_mg_l(self) -> Floats:
        """Concentration at the end of each reach, fully mixed."""
        return self.head_mg_l * self.kept


def lateral_flow(network: Network, *, flow: Floats) -> Floats:
    """How much water joins each reach beside what the reaches above bring.

    Parameters
    ----------
    network : Network
        The reaches.
    flow : array (reach,)
        Flow of each reach, topological order. [m³/s]

    Returns
    -------
    array (reach,)
        Positive: head flow or banks. Negative: abstraction or a flow that does not add up. [m³/s]
    """
    arriving = np.zeros(len(network))
    source = np.repeat(np.arange(len(network)), np.diff(network.start))
    np.add.at(arriving, network.target, flow[source] * network.share)
    return flow - arriving


def withdrawn(network: Network, *, flow: Floats) -> Floats:
    """Share of what arrives that stays in the river where water is taken out at the head."""
    arriving = flow - lateral_flow(network, flow=flow)
    return np.divide(flow, arriving, out=np.ones(len(flow)), where=arriving > flow)


def carry(network: Network, *, load: Floats, flow: Floats, kept: Floats) -> Carried:
    """Carry one substance down the network in one pass.

    Parameters
    ----------
    network : Network
        The reaches.
    load : array (reach,)
        What enters at the head of each reach beside its neighbours: outlets, plants,
        lateral inflow times its concentration. [kg/d]
    flow : array (reach,)
        Flow. [m³/s]
    kept : array (reach,)
        Share left at the end of each reach, of :func:`residence.decayed`.

    Returns
    -------
    Carried
        Loads and fully mixed concentrations. Full mixing is an assumption; see :mod:`plume`
        before showing it on a large river.
    """
    if network.is_tree:
        entering = down_tree(network.down, load, kept)
    else:
        entering = down_split(network.start, network.target, network.share, load, kept)
    return Carried(entering_kg_d=entering, kept=kept, flow=flow)


def worth(network: Network, *, weight: Floats, flow: Floats, kept: Floats) -> Floats:
    """What a kilogram a day, removed at the head of each reach, takes off chosen sections.

    One pass upstream: the transpose of :func:`carry`, so all places are known at once.

    Parameters
    ----------
    network : Network
        The reaches.
    weight : array (reach,)
        Importance of the concentration at the head of each reach; 1 at one control section,
        0 elsewhere, for the plain derivative.
    flow, kept : array (reach,)
        As in :func:`carry`.

    Returns
    -------
    array (reach,)
        Weighted change of concentration. [mg/L per kg/d]
    """
    own = weight * MG_L_PER_KG_D / flow
    if network.is_tree:
        return up_tree(network.down, own, kept)
    return up_split(network.start, network.target, network.share, own, kept)
