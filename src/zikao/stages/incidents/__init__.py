"""Emergencies (突发事件): reported at once, told to the leading groups, followed to their end (EA-5.2, EA-30.2)."""
