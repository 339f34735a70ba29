"""The room of the analyst: what may leave for science, and the export of it."""
