"""What must hold for every page that comes along, with every parameter set, in any state."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from renvand.process.model import load_model
from renvand.process.page import page_names, read_page

PAGES = {name: read_page(name) for name in page_names()}
MODELS = {
    (name, set_name): load_model(page, set_name=set_name)
    for name, page in PAGES.items()
    for set_name in ("", *page.sets)
}

UNLIMITED = {
    "adm1": {"S_IN", "S_IC"},
    "asm1": {"S_NH", "S_ALK"},
    "asm1-n2o": {"S_NH", "S_ALK"},
    "asm2d": {"S_ALK", "S_NH4", "S_PO4"},
    "asm3": {"S_ALK", "S_NH4"},
}


def states(model, count=8, *, smallest=0.0, largest=1e4):
    return arrays(float, (count, len(model.components)), elements=st.floats(smallest, largest))


@pytest.mark.parametrize("key", MODELS, ids="-".join)
def test_every_row_conserves(key):
    """COD, N, P, C and charge: what a page lists, each process only moves."""
    model = MODELS[key]
    made = model.stoichiometry @ model.composition.T
    moved = np.abs(model.stoichiometry) @ np.abs(model.composition.T)
    assert (np.abs(made) <= 1e-12 * moved + 1e-14).all()


@pytest.mark.parametrize("key", MODELS, ids="-".join)
@settings(max_examples=30, deadline=None)
@given(data=st.data(), temperature=st.floats(5.0, 35.0))
def test_reactions_conserve_whatever_is_in_the_tank(key, data, temperature):
    """At any concentration, nothing left out, at any temperature."""
    model = MODELS[key]
    C = data.draw(states(model))
    rates = model.rates(C, temperature=temperature)
    made = rates @ model.stoichiometry @ model.composition.T
    moved = np.abs(rates) @ np.abs(model.stoichiometry) @ np.abs(model.composition.T)
    assert np.isfinite(made).all()
    assert (np.abs(made) <= 1e-12 * moved + 1e-12).all()


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_used_up_is_not_used_further(name, data):
    """A process that consumes a substrate stops with it: no concentration is driven below zero.

    But for nutrients and alkalinity where the published model has no limit, and for storage of
    polyphosphate above its maximum, which runs backwards.
    """
    model = MODELS[name, ""]
    C = data.draw(states(model, smallest=1e-3))
    for j, component in enumerate(model.components):
        if component in UNLIMITED[name]:
            continue
        empty = C.copy()
        empty[:, j] = 0.0
        forward = np.maximum(model.rates(empty), 0.0)
        used = np.minimum(forward * model.stoichiometry[:, j], 0.0)
        assert (used >= -1e-9 * (1.0 + np.abs(model.rates(C)))).all(), component


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_derivatives_are_those_of_the_rates(name, data):
    """The exact Jacobian is the limit of differences."""
    model = MODELS[name, ""]
    C = data.draw(arrays(float, len(model.components), elements=st.floats(0.1, 100.0)))
    steps = 1e-5 * C
    above = model.conversion(C + np.diag(steps)).T
    below = model.conversion(C - np.diag(steps)).T
    size = np.abs(model.rates(C)) @ np.abs(model.stoichiometry)
    gap = np.abs((above - below) / (2 * steps) - model.jacobian(C))
    assert (gap <= 1e-5 * size[:, None] / C + 1e-7).all()


@pytest.mark.parametrize("name", PAGES)
def test_only_what_is_in_the_books_stands_on_a_page(name):
    """Every parameter is used, and every source of a page is in the bibliography."""
    from renvand.process.expression import symbols_of
    from renvand.process.page import shipped_sources

    page = PAGES[name]
    terms = [process.rate for process in page.processes]
    terms += [cell for process in page.processes for cell in process.cells.values() if cell]
    terms += [term for component in page.components for term in component.composition]
    terms += [observable.formula for observable in page.observables]
    terms += [term for gas in page.gases for term in (gas.speed, gas.saturation)]
    terms += [parameter.value for parameter in page.parameters]
    used = frozenset().union(*(symbols_of(term) for term in terms))
    idle = {parameter.name for parameter in page.parameters} - used
    assert idle <= IDLE.get(name, set())
    assert page.source in shipped_sources()


# the digester takes its chemistry and its gas from these; the page itself has no use for them
IDLE = {
    "adm1": {"p_H2O", "K_H_h2", "K_H_ch4", "K_H_co2", "K_w", "K_a_va", "K_a_bu", "K_a_pro",
             "K_a_ac", "K_a_co2", "K_a_IN"},
}  # fmt: skip
