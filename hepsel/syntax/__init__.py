"""The syntax of a program: text, tree, and back."""
