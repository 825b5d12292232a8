"""pilotkit takes a pilot project from idea to handbook entry."""

__version__ = "0.1.0"
