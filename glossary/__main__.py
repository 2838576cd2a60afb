"""`python -m glossary` is the command `glossary`."""

from glossary.cli import main

if __name__ == "__main__":
    main(prog_name="glossary")
