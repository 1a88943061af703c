"""Pages of keeping: the schedule, what is kept, what is due, holds, destructions and their certificates."""
