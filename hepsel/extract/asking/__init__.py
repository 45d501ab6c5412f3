"""What a model is asked: the language, the vocabulary, worked examples and the text of the papers."""
