"""What of a paper matters for its selection, found without a model."""
