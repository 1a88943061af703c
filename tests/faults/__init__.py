"""Processes killed, disks full, clocks wrong: nothing acknowledged is lost, nothing is done twice."""
