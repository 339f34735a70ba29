"""Changes of the table of marks."""
