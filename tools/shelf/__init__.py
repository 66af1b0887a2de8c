"""What is made of a built book for those who teach with it."""
