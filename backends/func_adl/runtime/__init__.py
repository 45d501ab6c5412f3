"""Functions of generated ServiceX scripts, copied into them."""
