"""考试工作人员: certificates, appointment, invigilators."""
