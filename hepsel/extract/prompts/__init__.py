"""What a model is told: the texts around a paper, as templates, and worked examples.

The files beside this one are data. `hepsel.extract.asking.messages` fills them in.
"""
