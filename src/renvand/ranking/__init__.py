"""Ranking with honesty: scores, why a place was won, and how sure the place is."""

from renvand.ranking.cut import Cut, cumulative_share
from renvand.ranking.efficiency import Efficiency, efficiency
from renvand.ranking.pairwise import PairwiseWeights, pairwise_weights
from renvand.ranking.promethee import Preference, promethee
from renvand.ranking.result import Ranking, Reason
from renvand.ranking.scores import additive, topsis
from renvand.ranking.smaa import Acceptability, leaders, lognormal, smaa

__all__ = [
    "Acceptability",
    "Cut",
    "Efficiency",
    "PairwiseWeights",
    "Preference",
    "Ranking",
    "Reason",
    "additive",
    "cumulative_share",
    "efficiency",
    "leaders",
    "lognormal",
    "pairwise_weights",
    "promethee",
    "smaa",
    "topsis",
]
