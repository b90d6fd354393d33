"""dev.py: the lock has one truth, and what it does not know is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import dev  # noqa: E402


@pytest.mark.parametrize(
    ("file", "development"), [("requirements.txt", False), ("requirements-dev.txt", True)]
)
def test_the_requirements_files_are_the_lock(file, development):
    uv = dev.find_uv()
    if uv is None:
        pytest.skip("uv no está instalado: no se puede comparar con el candado")
    assert (ROOT / file).read_text() == dev.requirements_by(uv, development=development)


def test_every_requirement_is_pinned_with_its_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
        packages = [line for line in blocks if line and line[0].isalnum()]
        assert len(packages) > 30
        assert all("==" in line and "--hash=sha256:" in line for line in packages)


def run_dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_an_unknown_command_is_refused():
    assert run_dev("bake").returncode == 2
    assert run_dev().returncode == 2


def test_an_argument_nobody_reads_is_refused():
    refused = run_dev("check", "--quick")
    assert refused.returncode == 2
    assert "--quick" in refused.stderr


def test_the_ci_script_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (
        subprocess.run([shutil.which("bash") or "bash", "-n", ROOT / ".ci" / "run"], check=False).returncode
        == 0
    )


def test_the_stamp_follows_the_dependencies_and_the_kind():
    assert dev.stamp(True) == dev.stamp(True)
    assert dev.stamp(True) != dev.stamp(False)
