"""What a server is told to let a model write: nothing but programs.

All of it is derived from `grammar/hepsel.lark` and the syntax tree, so that it is never another language.
"""
