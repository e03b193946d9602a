"""Tasks made from what a challenge already has: reference solutions and mutants.

Everything follows from challenge, version, kind, stack and task seed: the same give the same task.
"""
