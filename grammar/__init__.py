"""The grammar of the language, `hepsel.lark`, and what is generated from it."""
