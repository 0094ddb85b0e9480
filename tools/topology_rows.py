"""The tables of the topology study: neighbours, a path, islands, bridges, ties between areas, and how to isolate an element."""

from pydantic import Field

from tools.result import Row


class NeighbourRow(Row):
    at: str = Field(description="the bus on the asked side")
    bus: str = Field(description="the bus on the other side; on node-breaker grids a busbar of the other station")
    nominal_kv: float = Field(description="nominal voltage of the other bus [kV]")
    branch: str
    kind: str
    in_service: bool = Field(description="connected at both ends")
    length_km: float | None = Field(description="None for transformers and where the source has no length")


class ConnectedRow(Row):
    element: str
    kind: str
    at: str
    in_service: bool = Field(description="switched on and at a bus with voltage")
    p_mw: float | None = Field(description="drawn by a load, injected by a generator [MW]; None for infeeds and shunts")


class Neighbours(Row):
    buses: tuple[str, ...] = Field(description="busbars of the asked place that are one electrical node each, first name of each")
    rows: tuple[NeighbourRow, ...]
    total: int = Field(description="branches at the place")
    neighbour_buses: tuple[str, ...] = Field(description="buses reached over one branch in service")
    neighbour_buses_total: int
    connected: tuple[ConnectedRow, ...]
    connected_total: int
    load_mw: float = Field(description="drawn at the place [MW]")
    generation_mw: float = Field(description="injected at the place by parks and machines [MW]")


class StepRow(Row):
    from_bus: str
    to_bus: str
    branch: str
    kind: str
    circuits: int = Field(description="branches in service between these two buses")
    length_km: float | None
    impedance_pu: float = Field(description="|z| at the present tap [pu on the grid's base]")


class ClosureRow(Row):
    element: str
    kind: str
    at: tuple[str, ...] = Field(description="the buses it would join")


class Path(Row):
    found: bool
    reason: str = Field(description="why there is none, '' when there is one")
    from_bus: str
    to_bus: str
    buses: tuple[str, ...]
    steps: tuple[StepRow, ...] = Field(description="in order, never cut short")
    hops: int | None = Field(description="branches passed; a three-winding transformer counts once")
    length_km: float | None = Field(description="line lengths added up, a transformer adds none; None where a line's length is unknown")
    impedance_pu: float | None = Field(description="|z| of the branches added up [pu on the grid's base]")
    impedance_ohm: float | None = Field(description="the same [ohm]; None where the path passes a transformer")
    base_mva: float
    has_voltage: bool
    edge_disjoint_paths: int = Field(description="paths that share no branch: 1 means that a single outage can part the two")
    single_points: tuple[str, ...] = Field(description="branches on the way whose loss alone parts the two")
    closures: tuple[ClosureRow, ...] = Field(description="where there is no path: the fewest switches and branches to close")


class IslandRow(Row):
    live: bool
    buses: int = Field(description="busbars (line terminals are not counted)")
    names: tuple[str, ...] = Field(description="its first busbars, at most 10")
    load_mw: float = Field(description="drawn, or in a dead part what would be drawn [MW]")
    generation_mw: float = Field(description="injected, or in a dead part what would be injected [MW]")
    infeeds: tuple[str, ...] = Field(description="infeeds in service")


class Islands(Row):
    rows: tuple[IslandRow, ...] = Field(description="live ones first, largest first")
    total: int
    live_islands: int
    dead_parts: int
    dead_buses: int = Field(description="busbars without voltage")
    dead_load_mw: float
    dead_generation_mw: float


class BridgeRow(Row):
    branch: str
    kind: str
    from_bus: str
    to_bus: str
    lost_load_mw: float = Field(description="load that loses supply with this branch [MW]")
    lost_generation_mw: float
    lost_buses: int = Field(description="busbars that lose voltage")
    names: tuple[str, ...] = Field(description="the first of these busbars, at most 5")
    splits: bool = Field(description="both sides keep an infeed: the grid falls into two live islands and nothing is lost")


class Bridges(Row):
    rows: tuple[BridgeRow, ...] = Field(description="most load lost first")
    total: int
    cutting: int = Field(description="bridges whose loss costs load or generation")
    radial_load_mw: float = Field(description="load behind bridges, each load counted once [MW]")
    radial_generation_mw: float
    load_mw: float = Field(description="all supplied load [MW]")
    generation_mw: float


class TieRow(Row):
    branch: str
    kind: str
    from_area: str
    to_area: str
    from_bus: str
    to_bus: str
    in_service: bool
    p_mw: float | None = Field(description="active power from from_area to to_area, measured at from_bus [MW]; None without a power flow")
    loading_percent: float | None


class AreaPairRow(Row):
    from_area: str
    to_area: str
    ties: int
    in_service: int
    p_mw: float | None = Field(description="sum over the ties, positive from from_area to to_area [MW]")


class Ties(Row):
    areas: tuple[str, ...]
    areas_total: int
    pairs: tuple[AreaPairRow, ...]
    pairs_total: int
    rows: tuple[TieRow, ...]
    total: int


class OpeningRow(Row):
    order: int = Field(description="1, 2, ... in this order; breakers before disconnectors; 0 where nothing is to be done")
    element: str
    kind: str = Field(description="breaker, disconnector, line, transformer, infeed, generator, load or shunt")
    at: str = Field(description="where it sits")
    closed: bool = Field(description="present position")
    to_open: bool
    stays_open: bool = Field(description="False: may be closed again once the disconnectors are open")


class Isolation(Row):
    steps: tuple[OpeningRow, ...] = Field(description="what to open in order, then what is already open around the element")
    to_open: int
    already_isolated: bool
    isolated: bool = Field(description="checked: with the openings made, nothing in service reaches the element")
    lost_load_mw: float = Field(description="load without supply after it, the element's own included [MW]")
    lost_generation_mw: float
    lost_elements: tuple[str, ...] = Field(description="loads and generators that are lost with it")
    lost_elements_total: int
    lost_buses: tuple[str, ...] = Field(description="busbars that lose voltage, the element itself not counted")
    lost_buses_total: int
    radial: bool = Field(description="something beyond the element hangs on it alone")
