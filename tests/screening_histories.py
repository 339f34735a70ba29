"""Answers of somebody well, about whom no question of the history finds anything."""

WELL = {
    "age": 42,
    "pregnancy": "no",
    "liver": "healthy",
    "kidney": "healthy",
    "allergy": "no",
    "surgery": "no",
    "opioid_use": "no",
    "opioid_dependence": "no",
    "opioid_withdrawal": "no",
    "alcohol": "no",
    "transplant": "no",
    "thyroid_replacement": "no",
    "psychosis": "no",
    "suicidality": "no",
    "cancer": "no",
    "anticoagulant": "no",
    "opioid_antagonist": "no",
    "peripheral_antagonist": "no",
}
