"""Rules as data: facts are declared, conditions are read, and what holds is told as must, may or cannot.

Declarations and conditions are loaded once with every error told together; evaluation, lint and explanation then work on frozen
values. Missing is never "no". Its public names are re-exported by `recoverycore.risk`; it imports `ground` and no sibling.
"""
