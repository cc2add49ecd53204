"""The activities that the workflows of this project call."""
