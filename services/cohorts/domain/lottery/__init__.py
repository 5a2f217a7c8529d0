"""Fair chances under targets, and a draw that anybody can check. Start at `lottery.hold`; `draw` is the procedure."""
