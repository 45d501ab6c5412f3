"""Generate toy H->ZZ*->4l samples with the names and the layout of ATLAS DAOD_PHYSLITE.

Pythia 8 makes the collisions (`pip install '.[bench]'`); a few lines of smearing and
efficiencies stand for the detector.
The numbers of the toy are round and not those of ATLAS: what matters is that every branch of the
selection is reached. On purpose the samples hold what breaks careless code:

* events without a primary vertex (only the dummy of type 0, or no vertex at all), and events
  whose primary vertex is not the first one;
* leptons whose track link is null, is an empty list, or points into a container that is not
  in the file; tracks whose covariance is empty; isolation that is NaN;
* track containers in an order of their own, so that no index equals the lepton's;
* transverse momenta that lie exactly on a cut, and leptons that are there twice;
* muons of all five types, in and out of the regions where the selection takes them.

Examples
--------
::

    python generate_sample.py --process h4l --events 10000 --seed 1 --out h4l.root
    python generate_sample.py --process h4l zz zjets --events 110 110 180 --seed 4 --out mix.root
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pythia8mc
import uproot

Row = dict[str, Any]
Event = dict[str, list[Row]]

GEV = 1000.0
ELECTRON_MASS = 0.51099895
RUN_NUMBER = 300000
BEAM_Z, BEAM_SIGMA_X, BEAM_SIGMA_Y, BEAM_SIGMA_XY = -2.5, 0.0085, 0.0095, 1.0e-5
CUT_VALUES = (5.0 * GEV, 7.0 * GEV, 10.0 * GEV, 15.0 * GEV, 20.0 * GEV)
COMBINED, STANDALONE, SEGMENT_TAGGED, CALO_TAGGED, FORWARD = range(5)

COMMON = [
    "Beams:eCM = 13000.",
    "PartonLevel:MPI = off",
    "Next:numberShowEvent = 0",
    "Next:numberShowProcess = 0",
    "Next:numberShowInfo = 0",
    "Next:numberCount = 0",
    "Init:showProcesses = off",
    "Init:showChangedSettings = off",
    "Init:showChangedParticleData = off",
    "23:onMode = off",
    "23:onIfAny = 11 13",
]
PROCESSES: dict[str, list[str]] = {
    "h4l": ["HiggsSM:gg2H = on", "25:m0 = 125.", "25:onMode = off", "25:onIfMatch = 23 23"],
    "zz": ["WeakDoubleBoson:ffbar2gmZgmZ = on", "PhaseSpace:mHatMin = 60."],
    "zjets": [
        "WeakBosonAndParton:qqbar2gmZg = on",
        "WeakBosonAndParton:qg2gmZq = on",
        "PhaseSpace:pTHatMin = 15.",
        "PhaseSpace:mHatMin = 60.",
    ],
}

# The hashes by which a link names its target container, as in real files.
CONTAINER_KEYS = {
    "GSFTrackParticles": 776133387,
    "InDetTrackParticles": 490246363,
    "CombinedMuonTrackParticles": 873304470,
    "ExtrapolatedMuonTrackParticles": 350445215,
}
NULL_LINK = (0, 0xFFFFFFFF)
NULL_NESTED_LINK = (0, 0)
FORWARD_LINK = (339503174, 0)  # its container, InDetForwardTrackParticles, is not in the files

TRACK_COLUMNS = {
    **dict.fromkeys(("d0", "z0", "phi", "theta", "qOverP", "vz"), "f4"),
    "definingParametersCovMatrixDiag": "f4 list",
}
# Store -> attribute -> what is stored: a NumPy type, a list of it, a link, or a list of links.
SCHEMA: dict[str, dict[str, str]] = {
    "AnalysisElectrons": {
        **dict.fromkeys(("pt", "eta", "phi", "m", "charge"), "f4"),
        "ptcone20_Nonprompt_All_MaxWeightTTVALooseCone_pt1000": "f4",
        "ptvarcone30_Nonprompt_All_MaxWeightTTVALooseCone_pt1000": "f4",
        "topoetcone20": "f4",
        "DFCommonElectronsLHVeryLoose": "i1",
        "DFCommonElectronsLHLoose": "i1",
        "DFCommonElectronsLHMedium": "i1",
        "DFCommonElectronsLHTight": "i1",
        "trackParticleLinks": "link list",
    },
    "AnalysisMuons": {
        **dict.fromkeys(("pt", "eta", "phi", "charge"), "f4"),
        **dict.fromkeys(("ptcone20", "ptcone30", "ptvarcone30", "topoetcone20"), "f4"),
        "muonType": "u2",
        "quality": "u1",
        "inDetTrackParticleLink": "link",
        "combinedTrackParticleLink": "link",
        "extrapolatedMuonSpectrometerTrackParticleLink": "link",
    },
    "AnalysisJets": {**dict.fromkeys(("pt", "eta", "phi", "m"), "f4"), "NNJvtPass": "i1"},
    "PrimaryVertices": {**dict.fromkeys(("x", "y", "z"), "f4"), "vertexType": "i2"},
    "GSFTrackParticles": TRACK_COLUMNS,
    "InDetTrackParticles": TRACK_COLUMNS,
    "CombinedMuonTrackParticles": TRACK_COLUMNS,
    "ExtrapolatedMuonTrackParticles": TRACK_COLUMNS,
    "MET_Core_AnalysisMET": {**dict.fromkeys(("mpx", "mpy", "sumet"), "f4"), "name": "string"},
}
EVENT_INFO = {
    **dict.fromkeys(("runNumber", "lumiBlock", "mcChannelNumber", "eventTypeBitmask"), "u4"),
    **dict.fromkeys(("eventNumber", "mcEventNumber"), "u8"),
    **dict.fromkeys(("actualInteractionsPerCrossing", "averageInteractionsPerCrossing"), "f4"),
    **dict.fromkeys(("beamPosX", "beamPosY", "beamPosZ", "beamPosSigmaZ"), "f4"),
    **dict.fromkeys(("beamPosSigmaX", "beamPosSigmaY", "beamPosSigmaXY"), "f4"),
    "mcEventWeights": "f4 list",
}


class Detector:
    """A toy detector: it turns the particles of one collision into reconstructed objects.

    Parameters
    ----------
    rng
        The only source of randomness.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.event: Event = {}
        self.z = 0.0

    def reconstruct(self, collision: Any, jets: Iterable[Any]) -> Event:
        """Reconstruct one collision.

        Parameters
        ----------
        collision
            A Pythia event record.
        jets
            Four-vectors of its particle jets, in GeV.

        Returns
        -------
        dict
            The rows of each store. A link is a pair of a container key and an index.
        """
        self.event = {store: [] for store in SCHEMA}
        self.z = self.rng.normal(0.0, 35.0)
        self._vertices()
        for particle in collision:
            if particle.isFinal() and particle.idAbs() in (11, 13) and particle.pT() > 4.0:
                make = self._electron if particle.idAbs() == 11 else self._muon
                make(
                    particle.pT() * GEV,
                    particle.eta(),
                    particle.phi(),
                    math.copysign(1.0, -particle.id()),
                    from_z=_comes_from_z(collision, particle),
                )
        for jet in jets:
            self._jet(jet)
        for _ in range(self.rng.poisson(4.0)):
            pt, eta = self.rng.exponential(2.0) * GEV + 500.0, self.rng.uniform(-2.5, 2.5)
            z = self.rng.normal(0.0, 35.0)
            self._track("InDetTrackParticles", pt, eta, self._angle(), self._sign(), z=z)
        self._missing_energy()
        self._oddities()
        for store in CONTAINER_KEYS:
            rows = self.event[store]
            self.event[store] = [rows[i] for i in self.rng.permutation(len(rows))]
        self._resolve_links()
        return self.event

    def _vertices(self) -> None:
        spread = self.rng.normal(0.0, 35.0, self.rng.poisson(3.0))
        rows = [{"x": -0.5, "y": -0.5, "z": z, "vertexType": 3} for z in spread]
        if not self._chance(0.01):
            place = self.rng.integers(len(rows) + 1) if self._chance(0.05) else 0
            rows.insert(int(place), {"x": -0.5, "y": -0.5, "z": self.z, "vertexType": 1})
        rows.append({"x": 0.0, "y": 0.0, "z": 0.0, "vertexType": 0})
        self.event["PrimaryVertices"] = [] if self._chance(0.005) else rows

    def _track(
        self,
        store: str,
        pt: float,
        eta: float,
        phi: float,
        charge: float,
        *,
        z: float | None = None,
        displaced: bool = False,
        blur: float = 1.0,
    ) -> Row:
        """Add a track to a store and return it; `blur` scales its resolution."""
        d0_error = blur * math.hypot(0.010, 0.10 / (pt / GEV))
        z0_error = blur * math.hypot(0.050, 0.20 / (pt / GEV))
        d0 = self.rng.normal(0.0, math.hypot(d0_error, BEAM_SIGMA_X))
        if displaced:
            d0 += self._sign() * self.rng.exponential(0.04)
        theta = 2.0 * math.atan(math.exp(-eta))
        variances = [d0_error**2, z0_error**2, 1.0e-7, 1.0e-7, 1.0e-12]
        row = {
            "d0": d0,
            "z0": (self.z if z is None else z) - BEAM_Z + self.rng.normal(0.0, z0_error),
            "phi": _wrap(phi + self.rng.normal(0.0, 5.0e-4)),
            "theta": theta,
            "qOverP": charge * math.sin(theta) / pt,
            "vz": BEAM_Z,
            "definingParametersCovMatrixDiag": [] if self._chance(0.001) else variances,
        }
        self.event[store].append(row)
        return row

    def _electron(self, pt: float, eta: float, phi: float, charge: float, *, from_z: bool) -> None:
        if abs(eta) > 2.6 or not self._chance(0.9):
            return
        resolution = math.hypot(0.10 / math.sqrt(pt * math.cosh(eta) / GEV), 0.008)
        pt = self._measured(pt, resolution)
        links: list[Row | None] = [self._track("GSFTrackParticles", pt, eta, phi, charge, displaced=not from_z)]
        if self._chance(0.3):
            extra = self._track("GSFTrackParticles", pt / 3.0, eta, phi, -charge)
            links.append(extra if self._chance(0.3) else None)
        if self._chance(0.005):
            links[0] = None
        if self._chance(0.003):
            links = []
        cone, calorimeter = self._isolation(pt, from_z)
        quality = self.rng.uniform() * (1.0 if from_z else 3.0)
        self.event["AnalysisElectrons"].append(
            {
                "pt": pt,
                "eta": eta,
                "phi": phi,
                "m": ELECTRON_MASS,
                "charge": charge,
                "ptcone20_Nonprompt_All_MaxWeightTTVALooseCone_pt1000": cone,
                "ptvarcone30_Nonprompt_All_MaxWeightTTVALooseCone_pt1000": 0.8 * cone,
                "topoetcone20": calorimeter,
                "DFCommonElectronsLHVeryLoose": quality < 0.98,
                "DFCommonElectronsLHLoose": quality < 0.95,
                "DFCommonElectronsLHMedium": quality < 0.85,
                "DFCommonElectronsLHTight": quality < 0.75,
                "trackParticleLinks": links,
            }
        )

    def _muon(self, pt: float, eta: float, phi: float, charge: float, *, from_z: bool) -> None:
        if abs(eta) > 2.75 or not self._chance(0.97):
            return
        muon_type = self._muon_type(abs(eta))
        pt = self._measured(pt, 0.08 if muon_type == STANDALONE else 0.018)
        kinematics = (pt, eta, phi, charge)
        displaced = not from_z
        inner = combined = outer = None
        if muon_type in (COMBINED, SEGMENT_TAGGED, CALO_TAGGED):
            inner = self._track("InDetTrackParticles", *kinematics, displaced=displaced)
        if muon_type in (COMBINED, FORWARD):
            combined = self._track("CombinedMuonTrackParticles", *kinematics, displaced=displaced)
        if muon_type in (COMBINED, STANDALONE, FORWARD):
            outer = self._track("ExtrapolatedMuonTrackParticles", *kinematics, displaced=displaced, blur=5.0)
        if self._chance(0.005):
            inner = combined = None
        cone, calorimeter = self._isolation(pt, from_z)
        self.event["AnalysisMuons"].append(
            {
                "pt": pt,
                "eta": eta,
                "phi": phi,
                "charge": charge,
                "ptcone20": 0.6 * cone,
                "ptcone30": cone,
                "ptvarcone30": 0.8 * cone,
                "topoetcone20": calorimeter,
                "muonType": muon_type,
                "quality": self.rng.integers(4) + 8 * self.rng.integers(4),
                "inDetTrackParticleLink": inner,
                "combinedTrackParticleLink": combined,
                "extrapolatedMuonSpectrometerTrackParticleLink": outer,
            }
        )

    def _muon_type(self, abs_eta: float) -> int:
        if abs_eta < 0.1:
            shares = (0.3, 0.0, 0.3, 0.4, 0.0)
        elif abs_eta < 2.4:
            shares = (0.95, 0.02, 0.02, 0.01, 0.0)
        elif abs_eta < 2.5:
            shares = (0.6, 0.3, 0.0, 0.0, 0.1)
        else:
            shares = (0.0, 0.6, 0.0, 0.0, 0.4)
        return int(self.rng.choice(5, p=shares))

    def _isolation(self, pt: float, from_z: bool) -> tuple[float, float]:
        """Momentum and transverse energy around a lepton."""
        if from_z:
            cone = 0.0 if self._chance(0.8) else self.rng.exponential(1.0) * GEV
            energy = self.rng.normal(0.2, 0.9) * GEV
        else:
            cone = pt * self.rng.exponential(0.15)
            energy = pt * (self.rng.exponential(0.3) - 0.1)
        return cone, math.nan if self._chance(0.002) else energy

    def _jet(self, jet: Any) -> None:
        pt = jet.pT() * GEV * self.rng.normal(1.0, 0.12)
        eta, phi = jet.eta(), _wrap(jet.phi())
        if pt < 15.0 * GEV or abs(eta) > 4.5:
            return
        jvt = self._chance(0.95)
        self.event["AnalysisJets"].append({"pt": pt, "eta": eta, "phi": phi, "m": jet.mCalc() * GEV, "NNJvtPass": jvt})
        for make, rate in ((self._electron, 0.25), (self._muon, 0.20)):
            if self._chance(rate):
                fake_pt = pt * self.rng.uniform(0.2, 0.9)
                direction = eta + self.rng.normal(0.0, 0.1), _wrap(phi + self.rng.normal(0.0, 0.1))
                make(fake_pt, *direction, self._sign(), from_z=False)

    def _missing_energy(self) -> None:
        for name, width in (("SoftClusCore", 12.0), ("PVSoftTrkCore", 6.0)):
            mpx, mpy = self.rng.normal(0.0, width * GEV, 2)
            row = {"mpx": mpx, "mpy": mpy, "sumet": 20.0 * width * GEV, "name": name}
            self.event["MET_Core_AnalysisMET"].append(row)

    def _oddities(self) -> None:
        """Leptons that are there twice, and momenta that lie exactly on a cut or are equal."""
        for store in ("AnalysisElectrons", "AnalysisMuons"):
            rows = self.event[store]
            if rows and self._chance(0.01):
                rows.append(dict(rows[0]))
            if len(rows) > 1 and self._chance(0.01):
                rows[1]["pt"] = rows[0]["pt"]

    def _resolve_links(self) -> None:
        """Replace each linked row by the key of its container and its place there."""
        places = {
            id(row): (CONTAINER_KEYS[store], place)
            for store in CONTAINER_KEYS
            for place, row in enumerate(self.event[store])
        }
        for electron in self.event["AnalysisElectrons"]:
            electron["trackParticleLinks"] = [
                places.get(id(track), NULL_NESTED_LINK) for track in electron["trackParticleLinks"]
            ]
        for muon in self.event["AnalysisMuons"]:
            for name, kind in SCHEMA["AnalysisMuons"].items():
                if kind == "link":
                    muon[name] = places.get(id(muon[name]), NULL_LINK)
            if muon["muonType"] == FORWARD:
                muon["inDetTrackParticleLink"] = FORWARD_LINK

    def _measured(self, pt: float, resolution: float) -> float:
        if self._chance(0.01):
            return float(self.rng.choice(CUT_VALUES))
        return pt * max(0.2, self.rng.normal(1.0, resolution))

    def _chance(self, probability: float) -> bool:
        return bool(self.rng.uniform() < probability)

    def _sign(self) -> float:
        return 1.0 if self._chance(0.5) else -1.0

    def _angle(self) -> float:
        return float(self.rng.uniform(-math.pi, math.pi))


def _wrap(phi: float) -> float:
    return math.remainder(phi, 2.0 * math.pi)


def _comes_from_z(collision: Any, particle: Any) -> bool:
    """Whether a lepton was made in the decay of a Z boson, radiation on the way left out."""
    mother = particle
    while mother.idAbs() == particle.idAbs():
        mother = collision[mother.mother1()]
    return bool(mother.idAbs() == 23)


def generate(process: str, events: int, seed: int) -> Iterator[Event]:
    """Generate and reconstruct events of one process.

    Parameters
    ----------
    process
        A key of `PROCESSES`.
    events
        How many.
    seed
        Of Pythia and of the detector; from 1 to 900,000,000.

    Yields
    ------
    dict
        The rows of each store, `EventInfo` among them.
    """
    pythia = pythia8mc.Pythia("", False)
    for setting in [*COMMON, *PROCESSES[process], "Random:setSeed = on", f"Random:seed = {seed}"]:
        pythia.readString(setting)
    if not pythia.init():
        raise RuntimeError(f"Pythia does not initialise for the process {process!r}")
    clustering = pythia8mc.SlowJet(-1, 0.4, 15.0, 4.5, 2, 1)
    channel = 1 + list(PROCESSES).index(process)
    detector = Detector(np.random.default_rng([seed, channel]))
    made = 0
    while made < events:
        if not pythia.next():
            continue
        clustering.analyze(pythia.event)
        jets = [clustering.p(i) for i in range(clustering.sizeJet())]
        made += 1
        event = detector.reconstruct(pythia.event, jets)
        yield {**event, "EventInfo": [_event_info(detector.rng, channel, made)]}


def _event_info(rng: np.random.Generator, channel: int, number: int) -> Row:
    pileup = rng.normal(34.0, 8.0)
    weight = rng.normal(1.0, 0.1)
    return {
        "runNumber": RUN_NUMBER,
        "eventNumber": channel * 1_000_000_000 + number,
        "mcEventNumber": number,
        "lumiBlock": 1 + number // 1000,
        "mcChannelNumber": 900_000 + channel,
        "eventTypeBitmask": 1,
        "actualInteractionsPerCrossing": pileup,
        "averageInteractionsPerCrossing": pileup,
        "beamPosX": -0.5,
        "beamPosY": -0.5,
        "beamPosZ": BEAM_Z,
        "beamPosSigmaX": BEAM_SIGMA_X,
        "beamPosSigmaY": BEAM_SIGMA_Y,
        "beamPosSigmaZ": 35.0,
        "beamPosSigmaXY": BEAM_SIGMA_XY,
        "mcEventWeights": [weight, 1.05 * weight, 0.95 * weight],
    }


def to_columns(events: list[Event]) -> dict[str, ak.Array]:
    """Turn the rows of events into columns with the names and types of PHYSLITE.

    Parameters
    ----------
    events
        What `generate` yields.

    Returns
    -------
    dict
        Field name -> one entry per event.
    """
    columns = {}
    for name, kind in EVENT_INFO.items():
        values = [event["EventInfo"][0][name] for event in events]
        columns[f"EventInfoAuxDyn:{name}"] = _leaves(values, kind)
    for store, attributes in SCHEMA.items():
        counts = [len(event[store]) for event in events]
        for name, kind in attributes.items():
            values = [row[name] for event in events for row in event[store]]
            columns[f"{store}AuxDyn:{name}"] = ak.unflatten(_leaves(values, kind), counts)
    return columns


def _leaves(values: list[Any], kind: str) -> ak.Array:
    if kind.endswith(" list"):
        flat = _leaves(list(chain.from_iterable(values)), kind.removesuffix(" list"))
        return ak.unflatten(flat, [len(value) for value in values])
    if kind == "link":
        pairs = np.array(values, dtype="u4").reshape(-1, 2)
        return ak.zip({"m_persKey": pairs[:, 0], "m_persIndex": pairs[:, 1]})
    if kind == "string":
        return ak.Array(values)
    return ak.Array(np.array(values, dtype=kind))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--process", nargs="+", choices=PROCESSES, required=True)
    parser.add_argument("--events", nargs="+", type=int, required=True, help="one per process")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if len(arguments.process) != len(arguments.events):
        parser.error("give one number of events for each process")
    events = [
        event
        for process, count in zip(arguments.process, arguments.events, strict=True)
        for event in generate(process, count, arguments.seed)
    ]
    if len(arguments.process) > 1:
        order = np.random.default_rng(arguments.seed).permutation(len(events))
        events = [events[i] for i in order]
    with uproot.recreate(arguments.out, compression=uproot.ZSTD(5)) as file:
        file.mkrntuple("EventData", to_columns(events))


if __name__ == "__main__":
    main()
