"""What is installed: every package, and the ready models."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packages = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in ROOT.glob("xsb_core/**/__init__.py")
    }
    assert set(settings["packages"]) == packages | {"xsb_core.assets"}
    assert settings["package-dir"] == {"xsb_core.assets": "assets"}
