"""Where an answer names the person who wrote it: suggestions for staff, who decide."""

from .finding import Place, find_places
from .known import Known, known
from .masking import MARKS, masked

__all__ = ["MARKS", "Known", "Place", "find_places", "known", "masked"]
