"""What ethics does when a case moves or changes; see `usecases.hooks`."""
