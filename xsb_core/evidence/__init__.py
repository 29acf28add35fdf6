"""Whether an attribution tells the truth about its model, and whether people agree."""
