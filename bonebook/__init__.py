"""Tables, effect measures and figure style of the book on SERMs and bone health."""
