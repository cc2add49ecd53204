"""A module of the app's own."""

NAME = "steps"
