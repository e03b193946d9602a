"""Run the command line with `python -m worksample`."""

from worksample.cli import main

if __name__ == "__main__":
    main()
