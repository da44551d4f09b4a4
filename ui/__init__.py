"""The rooms that a person sees: everything Qt."""
