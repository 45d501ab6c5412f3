"""Running programs over files: inputs, local processes, results and what is written of them."""
