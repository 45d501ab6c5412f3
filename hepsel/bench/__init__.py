"""How well models extract selections from papers: trials against a known truth, and what is counted in them."""
