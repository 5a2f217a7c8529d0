import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.applications.domain.references import SIGNS, new_reference, read_reference

seeds = st.integers(0, 2**32)


def test_signs_leave_out_what_is_easily_mistaken() -> None:
    assert not set("01ILOSU") & set(SIGNS)
    assert len(SIGNS) == len(set(SIGNS)) == 29


@given(seeds)
def test_references_are_read_back_in_any_writing(seed: int) -> None:
    reference = new_reference(Random(seed).choice)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", reference)
    assert read_reference(reference) == reference
    assert read_reference(f" {reference.lower().replace('-', ' ')} ") == reference


@given(seeds, st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(seed: int, place: int, sign: str) -> None:
    signs = new_reference(Random(seed).choice).replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert (read_reference(wrong) is None) == (wrong != signs)


@given(seeds, st.integers(0, 6))
def test_two_neighbours_swapped_are_always_noticed(seed: int, place: int) -> None:
    signs = new_reference(Random(seed).choice).replace("-", "")
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    assert (read_reference(swapped) is None) == (swapped != signs)


@pytest.mark.parametrize("text", ["", "K7QM", "K7QM-2RT4-9", "O0I1-LSUU", "محمد-محمد"])
def test_what_cannot_be_a_reference_is_refused(text: str) -> None:
    assert read_reference(text) is None
