"""People counted by kind: for questions in which only the rows matter, everybody alike in every row is one number."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.cohorts.domain.selection.pool import Ints
from services.cohorts.domain.selection.problem import NOBODY, Problem
from services.cohorts.domain.selection.proving import Remainder
from shared.highs import Columns, Floats, IntegerProgramme


@dataclass(frozen=True)
class Kinds:
    """M kinds of people who are neither pinned in nor out.

    of: (N,) each person's kind, -1 if pinned. count: (M,) how many there are. held: (M, R) the rows that count them,
    the wide ones first and then the narrow ones. low, high: (R,) bounds left once the pinned people are counted.
    """

    of: npt.NDArray[np.int64]
    count: Ints
    held: npt.NDArray[np.bool_]
    low: Ints
    high: Ints

    @classmethod
    def among(cls, problem: Problem) -> "Kinds":
        rest = Remainder.after(problem, np.flatnonzero(problem.must), problem.low, problem.high)
        people = np.flatnonzero(problem.may & ~problem.must)
        keys = np.column_stack([problem.profile[people], problem.caps[people]])
        distinct, kind = np.unique(keys, axis=0, return_inverse=True)
        of = np.full(len(problem.pool), NOBODY, dtype=np.int64)
        of[people] = kind.reshape(-1)
        narrow = np.zeros((len(distinct), len(problem.cap) + 1), dtype=bool)
        for column in distinct.T[1:]:
            narrow[np.arange(len(distinct)), column] = True
        held = np.concatenate([problem.patterns[distinct[:, 0]], narrow[:, :-1]], axis=1)
        low = np.append(rest.low, np.full(len(problem.cap), -problem.size))
        return cls(of, np.bincount(of[people]), held, low, np.append(rest.high, rest.room))

    def programme(self, cost: Floats, low: Floats, high: Floats) -> IntegerProgramme:
        """Whole numbers of each kind at the highest cost, under rows bounded as given."""
        columns = Columns(self.held.sum(axis=1), np.nonzero(self.held)[1])
        return IntegerProgramme(cost, np.zeros(len(cost)), self.count.astype(float), columns, low, high)
