"""What makes the book: one reader of a page, the numbers in its prose, the check of the tables, notebooks, Sphinx roles."""
