"""Selection rates by group in JSON."""

from typing import Any

from marshmallow import Schema, fields

from shared.impact.rates import Rates, Table


class RateSchema(Schema):
    """A group at a stage. Intervals are 95%: Wilson for the rate, Newcombe for the difference from the highest."""

    label = fields.String()
    count = fields.Integer(allow_none=True)
    n = fields.Integer(allow_none=True)
    rate = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    ratio = fields.Float(allow_none=True)
    difference = fields.List(fields.Float(), allow_none=True)
    below = fields.Boolean()
    beyond_chance = fields.Boolean()


def shown_rates(seen: Rates) -> dict[str, Any]:
    """Rates by attribute and stage, of those at the stage before. A null count is under five, or protects one."""
    return {"stages": list(seen.stages), "attributes": [_table(seen, table) for table in seen.tables]}


def _table(seen: Rates, table: Table) -> dict[str, Any]:
    return {
        "label": table.label,
        "totals": list(table.totals),
        "stages": [
            {"stage": name, "rates": RateSchema(many=True).dump(seen.at(table, stage))}
            for stage, name in enumerate(seen.stages)
            if stage
        ],
    }
