"""From a plant's data to its model: what can be told, how well it then predicts."""

from renvand.steps.calibration.case import calibrate
from renvand.steps.calibration.experiment import Experiment
from renvand.steps.calibration.fit import Calibration, calibrate_parameters, ensemble
from renvand.steps.calibration.known import Known
from renvand.steps.calibration.parameters import Parameter
from renvand.steps.calibration.series import Series, read_series
from renvand.steps.calibration.validate import Validation, split_of, validate

__all__ = [
    "Calibration",
    "Experiment",
    "Known",
    "Parameter",
    "Series",
    "Validation",
    "calibrate",
    "calibrate_parameters",
    "ensemble",
    "read_series",
    "split_of",
    "validate",
]
