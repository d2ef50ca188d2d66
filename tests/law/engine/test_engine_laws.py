"""What must hold for any state and any plant."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from renvand.plant import Influent, Plant, load_plant
from renvand.plant.drawing import read_drawing
from renvand.process.compiled import load_kernels, marked
from renvand.process.generate import LANES, kernel_numbers, kernel_text
from renvand.process.model import load_model
from renvand.process.page import page_names

MODELS = {(name, set_name): load_model(name, set_name=set_name)
          for name in page_names() for set_name in ("", *load_model(name).page.sets)}  # fmt: skip
EIGHT = 8


def states(model):
    """Any concentrations of any components, in eight tanks."""
    return arrays(float, (EIGHT, len(model.components)), elements=st.floats(1e-3, 1e4))


@pytest.mark.parametrize("key", MODELS, ids="-".join)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_reactions_conserve_whatever_is_in_the_tank(key, data):
    """Reactions move COD, N and charge; they never make or lose them."""
    model = MODELS[key]
    C = data.draw(states(model))
    made = model.conversion(C) @ model.composition.T
    moved = np.abs(model.rates(C)) @ np.abs(model.stoichiometry) @ np.abs(model.composition.T)
    assert (np.abs(made) <= 1e-12 * moved + 1e-12).all()


@pytest.mark.parametrize("is_compiled", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize("name", page_names())
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_kernels_say_what_the_page_says(name, is_compiled, data):
    """The kernel text, run plainly or compiled, gives the page's own formulas."""
    model = MODELS[name, ""]
    C = data.draw(states(model))
    kernels = load_kernels(marked(kernel_text(model.page)), title=name, is_compiled=is_compiled)
    numbers = kernel_numbers(model)
    y = np.zeros(((C.shape[1] + 1), LANES))
    y[:-1] = C.T
    dy, h = np.zeros(y.size), np.repeat(numbers.h, LANES)
    kernels.react(y.ravel(), dy, 0, numbers.s, numbers.p, h, 0)
    moved = np.abs(model.rates(C)) @ np.abs(model.stoichiometry)
    found = dy.reshape(y.shape)[:-1].T
    assert (np.abs(found - model.conversion(C)) <= 1e-12 * moved + 1e-12).all()


def gases(model):
    """What goes to the air besides oxygen."""
    return [model.components.index(gas.name) for gas in model.page.gases]


@pytest.mark.parametrize("is_compiled", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize("name", page_names())
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_factors_solve_with_the_jacobian_of_the_page(name, is_compiled, data):
    """What is solved lane by lane is one less hg times the Jacobian, with aeration's share."""
    model = MODELS[name, ""]
    C, hg, kla = data.draw(states(model)), 1e-3, np.linspace(0.0, 240.0, LANES)
    kernels = load_kernels(marked(kernel_text(model.page)), title=name, is_compiled=is_compiled)
    numbers, n = kernel_numbers(model), C.shape[1]
    y, h = np.zeros((n + 1, LANES)), np.repeat(numbers.h, LANES)
    y[:-1] = C.T
    L, b = np.zeros(LANES * kernels.N_FACTORS), np.cos(np.arange(8.0 * n + 8))
    gas = np.array([[model.gas_speed[j], 0.0] for j in gases(model)]).ravel()
    kernels.factor(y.ravel(), L, 0, numbers.s, numbers.p, h, 0, kla, gas, 0, hg, 0)
    x = b.copy()
    kernels.substitute(L, x, 0, 0)
    x, b = x.reshape(y.shape)[:-1].T, b.reshape(y.shape)[:-1].T
    for lane in range(LANES):
        M = np.eye(n) - hg * model.jacobian(C[lane])
        if model.page.oxygen:
            aerated = model.components.index(model.page.oxygen)
            M[aerated, aerated] += hg * kla[lane]
        for j in gases(model):
            M[j, j] += hg * kla[lane] * model.gas_speed[j]
        due = np.linalg.solve(M, b[lane])
        bound = np.linalg.cond(M) * 1e-11 * (1.0 + np.abs(due).max())
        assert (np.abs(x[lane] - due) <= bound).all()


@pytest.mark.parametrize("name", page_names())
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_derivatives_are_those_of_the_rates(name, data):
    """The generated Jacobian is the limit of differences of the conversion."""
    model = MODELS[name, ""]
    C = data.draw(arrays(float, len(model.components), elements=st.floats(0.1, 100.0)))
    steps = 1e-5 * C
    above = model.conversion(C + np.diag(steps)).T
    below = model.conversion(C - np.diag(steps)).T
    size = np.abs(model.rates(C)) @ np.abs(model.stoichiometry)
    gap = np.abs((above - below) / (2 * steps) - model.jacobian(C))
    assert (gap <= 1e-5 * size[:, None] / C + 1e-7).all()


@st.composite
def plants(draw):
    """Any row of tanks with a settler, any recycles between them, in any order of the file."""
    count = draw(st.integers(1, 10))
    names = draw(st.permutations([f"tank_{i}" for i in range(count)]))
    tanks = {
        name: {"volume": draw(st.floats(50, 5000)), "kla": draw(st.sampled_from([0, 60, 240]))}
        for name in names
    }
    kind = draw(st.sampled_from(["takacs", "ideal"]))
    settler = {"kind": kind, "removal": 0.99} if kind == "ideal" else {"area": 1500, "height": 4}
    tank = st.sampled_from(sorted(tanks))
    pumps = [
        {"path": f"{draw(tank)} > {draw(tank)}", "flow": draw(st.floats(0, 40_000))}
        for _ in range(draw(st.integers(0, 3)))
    ]
    order = [f"tank_{i}" for i in range(count)]
    for pump in pumps:  # upstream only, so that no pump can empty a tank
        one, other = (order.index(end) for end in pump["path"].split(" > "))
        pump["path"] = f"{order[max(one, other)]} > {order[min(one, other)]}"
    return {
        "name": "any",
        "model": "asm1",
        "tanks": tanks,
        "settlers": {"settler": settler},
        "flow": {
            "line": f"influent > {' > '.join(order)} > settler > effluent",
            "pumps": [
                *pumps,
                {"path": f"settler.sludge > {draw(tank)}", "flow": 15_000.0},
                {"path": "settler.sludge > waste", "flow": draw(st.floats(50, 800))},
            ],
        },
    }


def built(page):
    return Plant(read_drawing(page), MODELS["asm1", ""])


def constant(plant, *, flow=18_000.0):
    row = {"S_I": 30, "S_S": 70, "X_I": 50, "X_S": 200, "X_BH": 28, "S_NH": 31, "S_ND": 7,
           "X_ND": 10, "S_ALK": 7, "T": 15, "Q": flow}  # fmt: skip
    columns = (*plant.model.components, "T", "Q")
    rows = np.array([[row.get(c, 0.0) for c in columns]], dtype=float)
    return Influent(times=np.zeros(1), rows=rows, columns=columns)


def filled(plant):
    """The state with which a plant begins before it has seen a day."""
    from renvand.plant.simulate import machine_for, take
    from renvand.plant.steady import _run, first_guess

    influent = constant(plant)
    machine = machine_for(plant, row_times=influent.times)
    machine.work.y[:] = first_guess(plant.plan, influent.rows[0])
    out = np.zeros((1, len(plant.plan.columns)), dtype=np.float32)
    _run(plant, machine, influent.rows, 0.0, out)
    return take(machine, plant)


@pytest.mark.parametrize("method", ["ros2", "rkc"])
@settings(max_examples=25, deadline=None)
@given(page=plants())
def test_any_plant_closes_its_cod_balance(page, method):
    """What came in less what left is what is stored, for any plant from any start."""
    plant = built(page)
    result = plant.simulate(constant(plant), days=2.0, start=filled(plant), method=method)
    assert abs(result.balance["COD"]) < 1e-9
    if page["settlers"]["settler"].get("kind") == "ideal":
        assert abs(result.balance["N"]) < 1e-9


@settings(max_examples=10, deadline=None)
@given(page=plants(), seed=st.integers(0, 99))
def test_the_order_in_the_file_changes_nothing(page, seed):
    """Units and pumps may be written in any order."""
    rng = np.random.default_rng(seed)
    names, pumps = list(page["tanks"]), page["flow"]["pumps"]
    other = {
        **page,
        "tanks": {names[i]: page["tanks"][names[i]] for i in rng.permutation(len(names))},
        "flow": {**page["flow"], "pumps": [pumps[i] for i in rng.permutation(len(pumps))]},
    }
    one, two = built(page), built(other)
    a = one.simulate(constant(one), days=0.01, start=filled(one))
    b = two.simulate(constant(two), days=0.01, start=filled(two))
    for name, row in a.state.values.items():
        assert b.state.values[name] == pytest.approx(row, rel=1e-9, abs=1e-12)


def test_twice_the_plant_with_twice_the_water_is_the_same_plant():
    """Volumes, areas and flows times two change no concentration."""
    plant = load_plant("bsm1")
    drawing = plant.drawing
    double = replace(
        drawing,
        tanks={n: replace(t, volume=2 * t.volume) for n, t in drawing.tanks.items()},
        settlers={n: replace(s, area=2 * s.area) for n, s in drawing.settlers.items()},
        pipes=tuple(p if p.flow is None else replace(p, flow=2 * p.flow) for p in drawing.pipes),
    )
    other = Plant(double, plant.model)
    one = plant.steady(constant(plant)).values["effluent"]
    two = other.steady(constant(other, flow=36_000.0)).values["effluent"]
    one.pop("Q"), two.pop("Q")
    assert two == pytest.approx(one, rel=1e-6, abs=1e-9)


def test_a_steady_state_stays():
    """Run from its steady state, a plant moves no more than the stepper's own error."""
    plant = load_plant("bsm1")
    state = plant.steady(constant(plant))
    after = plant.simulate(constant(plant), days=1.0, start=state, tolerance=1e-5)
    for name, row in state.values.items():
        if name.startswith(("anoxic", "aerobic", "effluent")):
            assert after.state.values[name] == pytest.approx(row, rel=1e-5, abs=1e-6)


@pytest.mark.slow
def test_fresh_and_cached_code_give_the_same_bits():
    """A second process, which finds the code compiled, repeats every bit of the first."""
    import subprocess
    import sys

    script = (
        "import numpy as np, hashlib; from renvand.plant import load_plant, shipped_influent;"
        "p = load_plant('bsm1'); i = shipped_influent('bsm1', p.model);"
        "r = p.simulate(i, days=1.0); print(hashlib.sha256(r.record.tobytes()).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    plant = load_plant("bsm1")
    assert len(runs) == 1
    assert plant.simulate(constant(plant), days=0.1).rhs > 0
