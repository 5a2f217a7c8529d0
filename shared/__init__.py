"""What the three services share: contracts, messaging, database, pages. Imports no service."""
