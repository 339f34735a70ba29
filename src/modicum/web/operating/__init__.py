"""The room of the operator: how the clinic is, who did what, and how it is found."""
