"""The figures with sliders: the kit they share, and a folder for each.

In a folder stand twins. model.py reads data/ and the models of `bonebook`, holds every
label, unit, sentence and constant, and computes what is shown at given settings;
model.js computes the same in the browser, from what model.py hands over (`given`).
tests/test_explorables.py holds the two together.
"""
