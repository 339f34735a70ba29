"""Who may do what to which object: one predicate for each, asked by the pages and by nobody else."""
