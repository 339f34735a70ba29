"""Following a trial in the browser: who needs a prescriber today, one person's page, reviews, stops, emergencies."""
