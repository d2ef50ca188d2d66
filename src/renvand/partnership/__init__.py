"""The record of a partnership: models, the case folder in and out, Excel, history."""
