"""The activities that the workflows of this folder call."""
