"""What generated code needs while it runs; the functions that a program uses are copied into its script."""
