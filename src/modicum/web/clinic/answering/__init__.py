"""The answer with the patient in the room: read, signed, the sealed order opened and proved, the report handed over."""
