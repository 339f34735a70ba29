"""Modicum finds the smallest dose of a drug that works for one person, and says honestly when none does."""
