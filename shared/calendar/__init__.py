"""What iCalendar files (RFC 5545) are made of, whichever service writes them."""
