"""Backups of a node: taken, shipped to two custodies, verified, restored, and drilled.

What lies at a target, under the node's name (`province_32/`), a folder a generation, a folder a part:

    20261123T043000Z/000001-full/manifest.json      written last: a part without it was never finished
    20261123T043000Z/000001-full/base.zke           the cluster (tar, gzip, sealed to this custody)
    20261123T043000Z/000001-full/files.zke          the node's files, which are encrypted anyway
    20261123T043000Z/000001-full/wal.zke            the log up to the census
    20261123T043000Z/000002-wal/…                   the log since, and new files, every few minutes
    20261123T160000Z …                              the next full backup begins the next generation

Both custodies get the same manifest and each its own sealed copy. See docs/adr/0020-backups.md.
"""
