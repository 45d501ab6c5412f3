"""The functions of the language by their names, and what others call the same: tables for parser and checker."""
