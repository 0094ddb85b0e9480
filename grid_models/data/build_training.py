"""Builds `training.json`: a hand-made substation with every kind of equipment that the default grid lacks.

Two 110-kV busbars with disconnectors and a coupler, fed over two lines from an infeed; a 110/20-kV transformer with a tap
changer; on the 20-kV side a machine, a wind and a PV park, two loads and a shunt with two steps.
Run: python -m grid_models.data.build_training
"""

from pathlib import Path

import pandapower as pp


def build() -> "pp.pandapowerNet":
    """The net, values chosen so that everything lies within limits (engineering judgement)."""
    net = pp.create_empty_network(name="training", f_hz=50.0)

    def bus(name: str, kv: float, kind: str = "n") -> int:
        return int(pp.create_bus(net, kv, name=name, type=kind, min_vm_pu=0.9, max_vm_pu=1.1, zone="training"))

    one, two, far = bus("A Busbar 1", 110, "b"), bus("A Busbar 2", 110, "b"), bus("B Busbar", 110, "b")
    medium = bus("A MV Busbar", 20, "b")
    pp.create_switch(net, one, two, "b", closed=True, type="CB", name="A Coupler")
    for bay, closed_on in (("Line 1", one), ("Line 2", two), ("Trafo 1", one)):
        terminal, inner = bus(f"A {bay} terminal", 110, "auxiliary"), bus(f"A {bay} bay", 110, "auxiliary")
        pp.create_switch(net, terminal, inner, "b", closed=True, type="CB", name=f"A {bay} breaker")
        for number, busbar in ((1, one), (2, two)):
            pp.create_switch(net, inner, busbar, "b", closed=busbar == closed_on, type="DS", name=f"A {bay} disconnector {number}")
    names = {n: i for i, n in net.bus.name.items()}
    for number in (1, 2):
        terminal = bus(f"B Line {number} terminal", 110, "auxiliary")
        pp.create_switch(net, terminal, far, "b", closed=True, type="CB", name=f"B Line {number} breaker")
        pp.create_line_from_parameters(
            net, names[f"A Line {number} terminal"], terminal, 20.0, 0.1095, 0.296, 9.0, 0.68, name=f"T Line {number}", df=1.0
        )
    pp.create_transformer_from_parameters(
        net,
        names["A Trafo 1 terminal"],
        medium,
        sn_mva=63,
        vn_hv_kv=110,
        vn_lv_kv=20,
        vkr_percent=0.32,
        vk_percent=18,
        pfe_kw=35,
        i0_percent=0.06,
        tap_side="hv",
        tap_neutral=0,
        tap_min=-9,
        tap_max=9,
        tap_step_percent=1.5,
        tap_pos=0,
        tap_changer_type="Ratio",
        name="T Trafo 1",
    )
    pp.create_ext_grid(net, far, vm_pu=1.03, name="T Infeed")
    pp.create_load(net, medium, 22.0, 6.0, name="T Load 1")
    pp.create_load(net, medium, 11.0, 3.0, name="T Load 2")
    pp.create_gen(net, medium, 8.0, vm_pu=1.01, min_p_mw=2, max_p_mw=16, name="T Machine 1")
    pp.create_sgen(net, medium, 9.0, 0.0, sn_mva=12, type="Wind", name="T Wind 1")
    pp.create_sgen(net, medium, 4.0, 0.0, sn_mva=6, type="PV", name="T Solar 1")
    pp.create_shunt(net, one, q_mvar=-5.0, p_mw=0.0, step=1, max_step=2, name="T Shunt 1")
    return net


if __name__ == "__main__":
    pp.to_json(build(), str(Path(__file__).with_name("training.json")))
