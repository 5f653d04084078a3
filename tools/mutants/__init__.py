"""Mutants: the decision and the algebra of consent with one small fault each, to see whether the tests would notice it.

`changes` and `instead` say which faults there are, `planting` puts one into a running process, `battery` runs
the tests against it, one by one (`running`) in a process of its own (`processes`), and
`verdict` holds what lives against the list of those that are known to live, with their reasons. `tools.mutate` is the command. Nothing on
disk is changed.
"""
