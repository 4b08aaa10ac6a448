"""Certificates nobody should trust, made with the ``openssl`` command into a temporary folder; without it these sites are left out."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import warnings
from pathlib import Path

_CONFIG = """[ca]
default_ca=d
[d]
dir={folder}
database=$dir/index.txt
serial=$dir/serial
new_certs_dir=$dir
default_md=sha256
policy=p
unique_subject=no
x509_extensions=e
[p]
commonName=supplied
[e]
subjectAltName={names}
"""
_KINDS = {
    "expired": ("127.0.0.1", "IP:127.0.0.1", "20200101000000Z", "20210101000000Z"),
    "wrong_name": ("thachan.example", "DNS:thachan.example", "20200101000000Z", "20490101000000Z"),
    "legacy": ("127.0.0.1", "IP:127.0.0.1", "20200101000000Z", "20490101000000Z"),
}


def contexts(folder: Path) -> dict[str, ssl.SSLContext]:
    """A server context for each kind; none without ``openssl``."""
    if shutil.which("openssl") is None:
        return {}
    return {kind: _context(folder / kind, kind) for kind in _KINDS}


def _context(folder: Path, kind: str) -> ssl.SSLContext:
    name, names, start, end = _KINDS[kind]
    folder.mkdir()
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(_CONFIG.format(folder=folder, names=names))
    key, asked, signed = (str(folder / file) for file in ("key.pem", "asked.pem", "signed.pem"))
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key)
    _openssl("req", "-new", *new_key, "-subj", f"/CN={name}", "-out", asked)
    dates = ("-startdate", start, "-enddate", end)
    _openssl(
        "ca", "-config", str(folder / "ca.cnf"), "-selfsign", "-keyfile", key, "-in", asked, "-out", signed, *dates, "-batch", "-notext"
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    if kind == "legacy":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
