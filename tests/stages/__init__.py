"""Each stage of a challenge stands alone: servers that end after a stage pass `--stage N`.

`python -m tests.stages` proves it for references that are cut off after a stage, and for their
mutants: `make prove-stages`.
"""
