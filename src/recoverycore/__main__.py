"""`python -m recoverycore`: the same commands as `recoverycore`."""

from recoverycore.cli import main

if __name__ == "__main__":
    main()
