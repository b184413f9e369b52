"""A folder of releases: which files are there, and which belong together."""
