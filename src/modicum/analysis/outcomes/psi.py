"""Time, noise and overdispersion: places on the axes of psi, and the windows that hold the posterior."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.axes import Axis


@dataclass(frozen=True)
class LinkAxes:
    """Windows of tau, of ell, of the sd of the residual on the link scale, and of the overdispersion 1/phi."""

    tau: Axis
    ell: Axis
    sd: Axis
    overdispersion: Axis

    @property
    def all(self) -> tuple[Axis, ...]:
        """The axes in order."""
        return self.tau, self.ell, self.sd, self.overdispersion

    def near(self, other: "LinkAxes") -> "LinkAxes":
        """The windows of a like analysis, a little wider, wherever they are on the same kind of axis as these."""
        pairs = zip(self.all, other.all, strict=True)
        return LinkAxes(*(theirs.widened() if own.kind == theirs.kind != "point" else own for own, theirs in pairs))

    def counts(self, nodes: int) -> tuple[int, ...]:
        """Nodes on each axis: one where a value is known."""
        return tuple(1 if axis.kind == "point" else nodes for axis in self.all)

    def cells(self, counts: tuple[int, ...]) -> tuple["Psi", Float[np.ndarray, " cell"]]:
        """Places in the middle of each cell, and the log of the cell's prior mass."""
        nodes = [axis.nodes(n) for axis, n in zip(self.all, counts, strict=True)]
        grid = np.meshgrid(*(values for values, _ in nodes), indexing="ij")
        prior = np.meshgrid(*(mass for _, mass in nodes), indexing="ij")
        return Psi(*(values.ravel() for values in grid)), np.sum(prior, axis=0).ravel()

    def within(
        self, counts: tuple[int, ...], cell: Int[np.ndarray, " point"], share: Float[np.ndarray, "point axis"]
    ) -> "Psi":
        """Places within a cell, given as shares of its sides."""
        where = np.unravel_index(cell, counts)
        return Psi(
            *(
                np.full(len(cell), axis.low)
                if axis.kind == "point"
                else np.exp(axis.low + (axis.high - axis.low) * (where[k] + share[:, k]) / counts[k])
                for k, axis in enumerate(self.all)
            )
        )

    def log_prior(self, counts: tuple[int, ...], psi: "Psi") -> Float[np.ndarray, " point"]:
        """Log of prior density times the volume of a cell."""
        total = np.zeros(len(psi.tau))
        for axis, count, value in zip(self.all, counts, psi.all, strict=True):
            if axis.kind != "point":
                z = (np.log(value) - np.log(axis.first)) / axis.second
                total += (
                    -0.5 * z * z - np.log(axis.second * np.sqrt(2 * np.pi)) + np.log((axis.high - axis.low) / count)
                )
        return total


@dataclass(frozen=True)
class Psi:
    """Places on the axes: tau and ell in days, sd on the link scale, overdispersion 1/phi; one entry a place."""

    tau: Float[np.ndarray, " place"]
    ell: Float[np.ndarray, " place"]
    sd: Float[np.ndarray, " place"]
    overdispersion: Float[np.ndarray, " place"]

    @property
    def all(self) -> tuple[Float[np.ndarray, " place"], ...]:
        """The places on each axis, in the order of the axes."""
        return self.tau, self.ell, self.sd, self.overdispersion

    def __len__(self) -> int:
        return len(self.tau)

    def at(self, which: slice | np.ndarray) -> "Psi":
        """Some of the places."""
        return Psi(*(values[which] for values in self.all))
