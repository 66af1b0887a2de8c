"""The figures with sliders."""
