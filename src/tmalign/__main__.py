"""`python -m tmalign`."""

from tmalign.cli.start import main

if __name__ == "__main__":
    main()
