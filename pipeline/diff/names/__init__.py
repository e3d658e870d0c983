"""Names: which of them are one, which were renamed, and what a page says of them itself."""
