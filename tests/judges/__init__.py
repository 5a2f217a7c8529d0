"""Programs of others that judge what Hearth makes, each pinned, each on its own."""
