"""Work done later: the queue, its workers and the reaper."""
