"""Calendar invitations as iCalendar (RFC 5545) with iTIP methods (RFC 5546): right in every calendar program."""
