"""Fine-tuning the paper's variants, and judging them."""
