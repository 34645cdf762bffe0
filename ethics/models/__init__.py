"""What is stored of ethics; one module for each part."""
