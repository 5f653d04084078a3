"""The contributor's commands behind `dev.py`: tests, checks, browser, suites, benches and proofs.

Nothing here is installed with the library and nothing in the library may import it. It runs on the Python of `.venv`, as
`python -m tools COMMAND`.
"""
