"""Data formats: how the standard vocabulary maps to what files store."""
