"""The pipeline specification: the document, its language, and how columns travel through it."""
