"""Bilingual glossaries with proof: sentence pairs and terms from an article and its translation."""

__version__ = "0.1.0"
