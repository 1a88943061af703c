"""Pages of conduct: a site's day, a room as its seats, room sheets, printed records."""
