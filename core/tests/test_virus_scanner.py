"""The virus scanner: what it finds is refused, and so is everything while it cannot say."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import Settings

from core.models import SiteImage
from core.uploads.virus_scanner import check_for_viruses

from .test_uploads import choose, picture, upload

# Wagtail leaves the scratch file of a picture it makes to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:[Uu]nclosed file <tempfile.SpooledTemporaryFile")
VIRUS = b"not a virus, but says it is"
Answer = Callable[[socket.socket, bytes], None]


def honest(peer: socket.socket, content: bytes) -> None:
    peer.sendall(b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0")


def nonsense(answer: bytes, peer: socket.socket, content: bytes) -> None:
    peer.sendall(answer)


def silent(peer: socket.socket, content: bytes) -> None:
    peer.recv(1)


def in_bits(peer: socket.socket, content: bytes) -> None:
    for letter in b"stream: OK\0":
        peer.sendall(bytes([letter]))


@contextmanager
def scanner(answer: Answer, *, limit: int = 10**9, by_path: bool = False) -> Iterator[str]:
    """Run a server that speaks as clamd does, and give its address. It hangs up on a stream beyond its limit."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "clamd.sock")
        server = socket.socket(socket.AF_UNIX if by_path else socket.AF_INET)
        server.bind(path if by_path else ("127.0.0.1", 0))
        server.listen()
        serving = threading.Thread(target=_serve, args=(server, answer, limit), daemon=True)
        serving.start()
        try:
            yield path if by_path else f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            # Closing alone would leave the other thread waiting, and answering once more.
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            serving.join(5)


def _serve(server: socket.socket, answer: Answer, limit: int) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        with peer, peer.makefile("rb") as read:
            assert read.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", read.read(4))[0]:
                content += read.read(size)
                if len(content) > limit:
                    peer.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    break
            else:
                answer(peer, content)


def code_of(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        check_for_viruses(ContentFile(content, name="a.pdf"))
    assert refused.value.messages[0].endswith(".")
    return str(refused.value.code)


@pytest.mark.parametrize("by_path", [False, True])
def test_what_the_scanner_finds_is_refused_and_the_rest_is_not(settings: Settings, by_path: bool) -> None:
    with scanner(honest, by_path=by_path) as settings.CLAMD_ADDRESS:
        file = ContentFile(b"words" * 200_000, name="a.pdf")
        check_for_viruses(file)
        assert file.tell() == 0
        assert code_of(b"x" * 600_000 + VIRUS) == "infected"
    with scanner(in_bits) as settings.CLAMD_ADDRESS:
        check_for_viruses(file)


def test_nothing_is_asked_without_a_scanner(settings: Settings) -> None:
    settings.CLAMD_ADDRESS = ""
    check_for_viruses(ContentFile(VIRUS))


def test_what_it_cannot_look_at_is_refused(settings: Settings) -> None:
    settings.CLAMD_SECONDS = 0.3
    for nobody in ("127.0.0.1:1", "/nowhere/clamd.sock", "no address"):
        settings.CLAMD_ADDRESS = nobody
        assert code_of(b"words") == "not_scanned", nobody
    for answer in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"stream: OK but FOUND ERROR\0", b"\xff" * 9000):
        with scanner(partial(nonsense, answer)) as settings.CLAMD_ADDRESS:
            assert code_of(b"words") == "not_scanned", answer
    with scanner(silent) as settings.CLAMD_ADDRESS:
        assert code_of(b"words") == "not_scanned"
    with scanner(honest, limit=1000) as settings.CLAMD_ADDRESS:
        assert code_of(b"x" * 2_000_000) in {"too_large_to_scan", "not_scanned"}
        assert code_of(b"x" * 2000) == "too_large_to_scan"


@pytest.mark.django_db
@pytest.mark.parametrize("how", [upload, choose])
def test_a_picture_with_a_virus_is_refused_beside_the_field(
    admin_client: Client, settings: Settings, tmp_path: Path, how: Callable[..., tuple[bool, str]]
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with scanner(honest) as settings.CLAMD_ADDRESS:
        is_kept, said = how(admin_client, "photo.jpg", picture("JPEG", comment=VIRUS))
        assert not is_kept
        assert "A virus was found in this file" in said
        assert how(admin_client, "photo.jpg", picture("JPEG"))[0]
    assert not how(admin_client, "photo.jpg", picture("JPEG"))[0]
    assert SiteImage.objects.count() == 1
