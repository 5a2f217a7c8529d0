"""An invented round to try Hearth with: its form, priority rules and review rubric, and lifelike applications."""
