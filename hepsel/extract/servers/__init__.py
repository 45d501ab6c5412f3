"""Servers that run a language model: what they are told, and what can go wrong with them."""
