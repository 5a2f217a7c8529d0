"""What every page and API shares: layout, identity, security, errors, health."""
