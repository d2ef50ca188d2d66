"""The cache of compiled code."""

import logging

from renvand.process import compiled


def test_the_first_compile_is_announced(tmp_path, monkeypatch, caplog):
    """Who waits is told why; the second time nothing is said."""
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    compiled.load_kernels.cache_clear()
    text = compiled.marked("def twice(x):\n    return 2 * x\n")
    with caplog.at_level(logging.WARNING, logger="renvand.process"):
        assert compiled.load_kernels(text, title="twice").twice(2.0) == 4.0
        compiled.load_kernels.cache_clear()
        assert compiled.load_kernels(text, title="twice").twice(2.0) == 4.0
    assert caplog.messages == ["Compiling twice for this machine: about 15 s, only this once."]


def test_a_cached_file_that_was_changed_is_written_anew(tmp_path, monkeypatch):
    """What lies in the cache is compared with what should lie there."""
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    text = compiled.marked("def thrice(x):\n    return 3 * x\n")
    compiled.load_kernels.cache_clear()
    compiled.load_kernels(text, title="thrice")
    (path,) = tmp_path.glob("*/kernels.py")
    path.write_text("raise SystemExit\n", encoding="utf-8")
    compiled.load_kernels.cache_clear()
    assert compiled.load_kernels(text, title="thrice").thrice(2.0) == 6.0


def test_what_only_kernels_call_has_no_way_in_for_python():
    """Doors are compiled with one, the rest without, which takes half the time."""
    text = "# inline\ndef one(x):\n    return x\n\n\ndef two(x):\n    return one(x)\n"
    assert compiled.marked(text).count("@kernel") == 1
    assert "@inner\ndef two" in compiled.marked(text, doors=frozenset({"three"}))
    assert "@kernel\ndef two" in compiled.marked(text, doors=frozenset({"two"}))
