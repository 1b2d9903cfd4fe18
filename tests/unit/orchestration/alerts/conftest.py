"""A mail server and a web server on this machine, and data folders whose alerts go there."""

import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sources.folder.data_folder import DataFolder
from tests.mail_server import MailServer, free_port, serving

USER, PASSWORD = "indicators", "c0rrect-horse"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A server that takes every mail."""
    server = MailServer(free_port())
    controller = serving(server)
    controller.start()
    yield server
    controller.stop()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of 127.0.0.1 that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "server.pem", folder / "server.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return pem, secret


@pytest.fixture
def guarded_mail(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    """A server that takes mails after STARTTLS and a login alone; and its certificate."""

    def allow(_s: object, _t: object, _e: object, _m: object, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    pem, key = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server = MailServer(free_port())
    controller = serving(server, tls_context=context, require_starttls=True, auth_required=True, authenticator=allow)
    controller.start()
    yield server, pem
    controller.stop()


@dataclass
class WebServer:
    """Its address, what was posted, and the status with which it answers."""

    url: str
    posted: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200


@pytest.fixture
def web() -> Iterator[WebServer]:
    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            served.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(served.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    served = WebServer(f"http://127.0.0.1:{server.server_port}/services/T0/B0/s3cret")
    Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.root.mkdir()
    monkeypatch.setenv("CSP_DATA_DIR", str(made.root))
    monkeypatch.delenv("CSP_ALERTS", raising=False)
    return made


Configure = Callable[..., None]


@pytest.fixture
def configure(folder: DataFolder) -> Configure:
    """What writes the settings of the data folder: channels, and whatever else is given."""

    def write(*channels: dict[str, object], **others: object) -> None:
        section = {"channels": list(channels), **others}
        (folder.root / "alerts.yaml").write_text(yaml.safe_dump({"alerts": section}))

    return write
