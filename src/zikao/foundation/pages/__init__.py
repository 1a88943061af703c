"""The four-part object page, tables, action forms: what every page is made of."""
