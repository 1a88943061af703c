"""What only the centre does: filings, transfer platform, registry."""
