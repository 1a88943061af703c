"""The life of the node's keys: added while others write, everything sealed anew, put aside, destroyed by two people."""
