"""Answer cards (答题卡): their geometry, and how a scanned one is read.

Pure: no Django, no clock, no database. The printed card and the reader share one layout, so that they cannot differ.
"""
