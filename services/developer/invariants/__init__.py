"""Whether nothing was lost and nothing happened twice: read from the three databases and the mail that went out."""
