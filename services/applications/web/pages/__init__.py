"""The pages, by audience: visitors, people signing in, applicants, staff."""
