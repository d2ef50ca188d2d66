"""The review of a company as forms: edited like a sheet, balanced while typing."""
