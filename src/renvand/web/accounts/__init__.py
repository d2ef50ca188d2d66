"""Accounts: the first one, getting in and out, passwords, second factors, and who is who."""
