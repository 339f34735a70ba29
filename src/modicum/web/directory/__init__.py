"""The room that is open to everybody: which clinics can be found, and what becomes of data."""
