"""The app on the phone, and its pages."""
