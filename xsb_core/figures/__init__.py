"""Results in, plotly figures out; nothing here knows of pages or models."""
