"""Words, sentences, names, numbers and dates of a text: what every other part reads with, and nothing that knows of
a library.
"""
