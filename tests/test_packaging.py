"""The wheel, used outside the repository, and what imports load."""

import json
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.figures.factory import make_result
from tests.studies.factory import random_results, write_results

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "pandas")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs; its packages are this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    subprocess.run([*pip, *build], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", folder / "site", wheel], check=True)
    return folder / "site"


@pytest.fixture
def outside(installed: Path, tmp_path: Path) -> dict:
    """How to start a process that has the wheel's files and not the repository's."""
    surroundings = os.environ | {"PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1"}
    return {"cwd": tmp_path, "env": surroundings}


def python(code: str, **options) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], **options, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_one_package_at_the_top(installed):
    names = {path.name for path in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"xsb_core", "bin"}


def test_the_list_of_models_is_the_one_in_the_documentation(installed):
    own = installed / "xsb_core" / "dashboard" / "pages" / "guides" / "models.md"
    assert own.read_text(encoding="utf-8") == (ROOT / "docs" / "models.md").read_text("utf-8")


def test_is_imported_from_the_wheel_with_its_version_and_types(installed, outside):
    place, version = python(
        "import xsb_core; print(xsb_core.__file__, xsb_core.__version__)", **outside
    ).split()
    assert Path(place) == installed / "xsb_core/__init__.py"
    assert (installed / f"xsb_explorer-{version}.dist-info").is_dir()
    assert (installed / "xsb_core/py.typed").is_file()
    assert (installed / "xsb_core/__init__.pyi").is_file()


def test_explains_by_its_script(installed, outside):
    command = [sys.executable, installed / "bin/xsb", "explain", "A cat.", "A dog.", "--json"]
    command += ["--model", "exact"]
    done = subprocess.run(command, **outside, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["model"] == "exact"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


@pytest.fixture
def dashboard(installed: Path, outside: dict, port: int) -> Iterator[subprocess.Popen]:
    command = [sys.executable, installed / "bin/xsb", "app", "--no-browser", f"--port={port}"]
    process = subprocess.Popen(command, **outside, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def test_serves_the_dashboard(dashboard, port):
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
                assert answer.read() == b"ok"
                break
        except OSError:
            assert dashboard.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
    dashboard.terminate()
    dashboard.wait(10)


@pytest.mark.parametrize(
    "code",
    [
        "import xsb_core",
        "import xsb_core.cli",
        "import xsb_core; xsb_core.Attribution.load(path / 'pair.json')",
        "import xsb_core; len(xsb_core.Results(path / 'results'))",
        *(
            f"import xsb_core.cli; xsb_core.cli.main({[*command, '--help']!r})"
            for command in (
                [],
                ["app"],
                ["batch"],
                ["evaluate"],
                ["explain"],
                ["query"],
                ["train"],
                ["analyse", "layers"],
                ["probe", "negation"],
                ["probe", "syntax"],
            )
        ),
    ],
)
def test_loads_neither_torch_nor_pandas(code, tmp_path):
    make_result(["a"], ["b"]).save(tmp_path / "pair.json")
    write_results(tmp_path / "results", random_results(2))
    code = f"import pathlib, sys; path = pathlib.Path({str(tmp_path)!r}); {code}\n"
    code += "print(*sys.modules, sep=chr(10))"
    loaded = python(code, cwd=ROOT).split("\n")
    assert "xsb_core" in loaded
    assert not set(HEAVY) & set(loaded)


def test_requirements_are_exact_and_whole():
    def pins(name: str) -> list[str]:
        lines = (ROOT / name).read_text().splitlines()
        return [line for line in lines if line and not line.startswith(("#", "-r "))]

    every = [
        *pins("requirements.txt"),
        *pins("requirements-ray.txt"),
        *pins("requirements-dev.txt"),
    ]
    assert all(line.count("==") == 1 and "+" not in line for line in every)
    assert len(every) == len({line.split("==")[0] for line in every})
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = settings["optional-dependencies"]
    needed = [*settings["dependencies"], *(one for group in extras.values() for one in group)]
    names = {line.split("==")[0] for line in every}
    assert {one.split(">=")[0] for one in needed} <= names
