"""The files of docs/operate/: what systemd, cron, containers and proxies are given is what the product takes."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from orchestration.cli.main import app
from tests.places import REPOSITORY

FILES = REPOSITORY / "docs" / "operate"
INSTALLED = "/opt/indicators"
UNITS = sorted([*FILES.glob("*.service"), *FILES.glob("*.timer")])
COMPOSE = yaml.safe_load((FILES / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def run(*command: str, **environment: str) -> str:
    """Run a program that checks a file and return what it says; skips where it is not installed."""
    program = shutil.which(command[0], path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    around = {**os.environ, **environment}
    ended = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False, env=around)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield the arguments of each call of `csp`, with the file where it stands."""
    for file in FILES.iterdir():
        for call in re.findall(r"\.venv/bin/csp (.+)", file.read_text()):
            yield file.name, shlex.split(call)
    for name, service in SERVICES.items():
        if "build" in service:
            yield f"compose.yaml, {name}", service["command"]


@pytest.mark.parametrize(("where", "arguments"), [pytest.param(*each, id=each[0]) for each in commands()])
def test_each_command_is_one_of_ours(where: str, arguments: list[str]) -> None:
    ended = CliRunner().invoke(app, [*arguments, "--help"])
    assert ended.exit_code == 0, f"{where}: {ended.output}"


def test_each_variable_is_one_of_ours() -> None:
    code = "".join(
        file.read_text() for room in ("orchestration", "sources") for file in (REPOSITORY / room).rglob("*.py")
    )
    named = {name for file in FILES.iterdir() for name in re.findall(r"\bCSP_\w+", file.read_text())}
    assert {name for name in named if f'"{name}"' not in code} == set()
    assert "CSP_ERASURES" in named


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    (tmp_path / "csp").write_text("#!/bin/sh\n")
    (tmp_path / "csp").chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace(f"{INSTALLED}/.venv/bin", str(tmp_path))
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, str(tmp_path)))
    run(
        "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *(str(tmp_path / unit.name) for unit in UNITS)
    )


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_services_have_a_user_of_their_own_and_write_to_the_data_folder_alone(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert {"User=indicators", "UMask=0027", "ProtectSystem=strict", "NoNewPrivileges=yes"} <= set(lines)
    assert [line for line in lines if line.startswith("ReadWritePaths=")] == ["ReadWritePaths=/var/lib/indicators"]


def test_what_the_containers_need_is_declared() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", [])) <= SERVICES.keys()
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
        for source, _ in (volume.split(":/", 1) for volume in service.get("volumes", [])):
            assert source.startswith("${") or source in COMPOSE["volumes"] or (FILES / source).is_file(), source
    built: dict[str, Any] = COMPOSE["x-warehouse"]["build"]
    assert (FILES / built["context"]).resolve() == REPOSITORY
    assert (REPOSITORY / built["dockerfile"]).is_file()
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert {".venv", "data", "docs/operate/secrets"} <= set(ignored)


def test_compose_takes_the_file(tmp_path: Path) -> None:
    """Version 1 of docker-compose, which Debian has, knows no name of a project."""
    text = (FILES / "compose.yaml").read_text()
    (tmp_path / "compose.yaml").write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("name:"))
    )
    (tmp_path / "secrets").mkdir()
    for secret in COMPOSE["secrets"]:
        (tmp_path / "secrets" / secret).touch()
    asked = ("docker-compose", "--file", str(tmp_path / "compose.yaml"), "--profile", "night", "config", "--quiet")
    run(*asked, PARTNERSHIP=str(tmp_path), READER_HASH="x")


def test_caddy_takes_its_file() -> None:
    run("caddy", "validate", "--adapter", "caddyfile", "--config", str(FILES / "Caddyfile"), READER_HASH="$2a$14$x")


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    """Its certificate is one of the moment."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    named = ("-subj", "/CN=indicators.example.org", "-keyout", str(key), "-out", str(certificate))
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *named)
    site = re.sub(r"/etc/letsencrypt/\S+fullchain.pem", str(certificate), (FILES / "nginx.conf").read_text())
    site = re.sub(r"/etc/letsencrypt/\S+privkey.pem", str(key), site)
    site = site.replace("listen 80;", "listen 18080;").replace("listen 443 ssl", "listen 18443 ssl")
    (tmp_path / "site.conf").write_text(site)
    outside = f"error_log {tmp_path}/errors; pid {tmp_path}/pid; events {{}}"
    (tmp_path / "nginx.conf").write_text(f"{outside} http {{ access_log off; include {tmp_path}/site.conf; }}\n")
    run("nginx", "-t", "-c", str(tmp_path / "nginx.conf"))
