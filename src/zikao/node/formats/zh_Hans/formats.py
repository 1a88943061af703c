"""Dates as a browser's date field writes and reads them, then as people and files write them."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
