"""成绩发布, the scores for ever."""
