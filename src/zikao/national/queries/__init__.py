"""Reading what the centre keeps."""
