"""One pair at several layers."""
