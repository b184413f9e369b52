"""`python -m tmalign`."""

from tmalign.cli.start import program

if __name__ == "__main__":
    program()
