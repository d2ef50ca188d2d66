"""The seen door: what a run has made and what the record holds, in three languages."""
