"""The state of trust of the node on one screen, and what stands behind it: verification, witnesses, receipts."""
