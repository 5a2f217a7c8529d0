"""Choosing K of N to the highest total under targets: proven, repeatable, and able to say why.

The way through: a `Pool` and its `targets` are stated as a `Problem`; `sifting` solves its relaxation; `proving` finds
the best whole choice; `lots` settles ties; `choosing.solve` puts these together; `relaxation` speaks when it cannot be
done; `reasons` speaks to everybody afterwards.
"""
