"""How the authored releases of corpora/ become web pages, text files and gold alignments."""
