"""The assignments page: what is to be done, what a teacher makes, and what came back."""
