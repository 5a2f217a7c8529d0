"""Files that come from outside: what they truly are, what may be kept of them, and what they may be called."""
