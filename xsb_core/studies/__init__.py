"""What many pairs say of models: a folder a section of the paper."""
