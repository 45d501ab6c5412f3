"""Semantic comparison of programs: criterion by criterion, with proof or counterexample."""
