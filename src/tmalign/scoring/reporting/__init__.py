"""Parts of the HTML report: markup, charts, marked differences, and the sections made of them."""
