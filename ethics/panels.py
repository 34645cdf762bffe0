"""What stands beside a case; every part adds its function to `usecases.hooks.panels`."""
