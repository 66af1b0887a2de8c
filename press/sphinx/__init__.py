"""The book's own Sphinx roles and directives, one file each, with their style sheets and scripts in static/."""
