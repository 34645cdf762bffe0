"""Reads shaped for pages and documents; one module for each part."""
