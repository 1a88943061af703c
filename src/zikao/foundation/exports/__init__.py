"""Data that leaves: purpose, approval, number, watermark."""
