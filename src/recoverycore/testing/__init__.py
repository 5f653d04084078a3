"""PROVE: what users need to test and prove their own rules, and the stories that the library proves itself with.

It may import everything below it; nothing but the command line imports it.
"""
