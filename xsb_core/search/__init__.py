"""One query, many texts: ranking, the spans that carry a score, why one comes before another."""
