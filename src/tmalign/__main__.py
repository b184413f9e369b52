"""`python -m tmalign`."""

from tmalign.cli.app import main

if __name__ == "__main__":
    main()
