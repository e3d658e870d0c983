"""A server that misbehaves in every way we know of, one named fault at a time.

No test of its own.
"""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

STANDARDS = (
    ("ISO/IEC 27001:2022", "information security"),
    ("ISO/IEC 27017", "cloud services"),
    ("ISO/IEC 27018", "personal data in the cloud"),
    ("ISO/IEC 27701", "privacy"),
    ("ISO 22301", "continuity"),
    ("ISO 9001", "quality"),
    ("PCI DSS", "cards"),
    ("HITRUST CSF", "health data"),
    ("SOC 1", "financial reporting"),
    ("SOC 2", "security and availability"),
    ("SOC 3", "the public"),
    ("C5", "the federal office"),
    ("IRAP", "the government"),
)


def page(*without: str) -> bytes:
    """Return the real page, without the standards named."""
    about = (
        "The report is sent to customers on request, and the auditor is named in it, "
        "as is the period that it covers. "
    )
    claims = "".join(
        f"<h2>{name}</h2><p>Acme Cloud is certified to {name}.</p><p>It is about {what}. "
        f"{about * 2}</p>"
        for name, what in STANDARDS
        if name not in without
    )
    return html("Trust centre", f"<main><h1>Trust centre of Acme Cloud</h1>{claims}</main>")


def html(title: str, body: str) -> bytes:
    """Return a whole page of HTML."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body>{body}</body></html>".encode()
    )


def answer(
    body: bytes = b"",
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:
    """Return an answer as it goes over the wire; `_` in a header's name stands for `-`."""
    told = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


Act = Callable[[socket.socket, str], None]


def says(whole: bytes) -> Act:
    """Return an act that sends these bytes."""
    return lambda connection, path: connection.sendall(whole)


def moves(location: str, status: str = "302 Found", then: bytes = b"") -> Act:
    """Return an act that sends the page's address somewhere else, and answers there with `then`."""
    return lambda connection, path: connection.sendall(
        answer(status=status, Location=location) if path == "/legal/trust" else then
    )


def resets(connection: socket.socket, path: str) -> None:
    """Break the connection off in the middle of an answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def circles(connection: socket.socket, path: str) -> None:
    """Lead through ever new addresses."""
    connection.sendall(answer(status="302 Found", Location=f"{path}/on"))


@dataclass
class Server:
    """Listens on loopback; `act` is what it does when the page is asked for,
    `robots` what robots.txt says.
    """

    act: Act = field(default_factory=lambda: says(answer(page())))
    robots: bytes = field(default_factory=lambda: answer(status="404 Not Found"))
    asked: list[str] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Server:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def hangs(self, connection: socket.socket, path: str) -> None:
        """Say nothing until the other side gives up."""
        connection.settimeout(10)
        connection.recv(1)

    def drips(self, connection: socket.socket, path: str) -> None:
        """Send a letter now and then, and never end."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not self._done.wait(0.02):
            connection.sendall(b"<p>")

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except OSError:
                    continue

    def _answer(self, connection: socket.socket) -> None:
        request = connection.recv(65536)
        method, _, rest = request.decode("latin-1").partition(" ")
        path = rest.partition(" ")[0]
        if method == "POST":
            head, _, body = request.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            while len(body) < length and (more := connection.recv(65536)):
                body += more
            self.posted.append(body)
            connection.sendall(answer())
        elif path == "/robots.txt":
            connection.sendall(self.robots)
        else:
            self.asked.append(path)
            self.act(connection, path)


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and what it must be called:
    `failed` at a stage or `held back` under a name, with a reason.
    """

    act: Act
    result: str
    name: str
    reason: str
    robots: bytes | None = None


def _failed(act: Act, reason: str, stage: str = "fetch", robots: bytes | None = None) -> Fault:
    return Fault(act, "failed", stage, reason, robots)


def _held(act: Act, name: str, reason: str) -> Fault:
    return Fault(act, "held back", name, reason)


def _status(status: str, *, body: bytes = b"", reason: str = "", **headers: str) -> Fault:
    return _failed(says(answer(body, status, **headers)), reason or f"HTTP {status}")


GERMAN = (
    "<p>Acme Cloud ist nach dieser Norm zertifiziert, und der Bericht wird den Kunden auf Anfrage "
    "von uns zur Verfügung gestellt.</p>"
)
MENU = "<header><nav>" + "<a href=/products>Products and prices</a> " * 90 + "</nav></header>"
LOST = (
    f"{MENU}<main><p>Whatever you came for, our pages about security, "
    "products and prices are a click away. Start from the top.</p></main>"
)
SHELL = "<div id=root></div><script src=/app.js></script>"
PDF = b"%PDF-1.7\n" + b"stream\n" * 900 + b"%%EOF\n"


def all_of(server: Server) -> dict[str, Fault]:
    """Return every fault by its name."""
    return _of_the_network(server) | _of_redirects() | _of_status() | _of_pages()


def _of_the_network(server: Server) -> dict[str, Fault]:
    cut = answer(page())
    packed = gzip.compress(b"\0" * 8_000_000)
    return {
        "silent": _failed(server.hangs, "no answer within 0.3 s (fetch.timeout)"),
        "dripping": _failed(server.drips, "not finished within 0.6 s (fetch.total)"),
        "closed at once": _failed(says(b""), "the connection broke off"),
        "reset": _failed(resets, "the connection broke off"),
        "not http": _failed(says(b"SSH-2.0-OpenSSH_9.2\r\n"), "the connection broke off"),
        "headers cut": _failed(says(cut[:40]), "the connection broke off"),
        "headers without end": _failed(
            says(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 300_000), "the connection broke off"
        ),
        "body cut": _failed(says(cut[:-500]), "the connection broke off"),
        "chunks cut": _failed(
            says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<html>"),
            "the connection broke off",
        ),
        "chunks wrong": _failed(
            says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<html>"),
            "the connection broke off",
        ),
        "too large": _failed(
            says(answer(b"x" * 3_100_000)),
            "the page is larger than 3,000,000 bytes (fetch.max_bytes)",
        ),
        "bomb": _failed(says(answer(packed, Content_Encoding="gzip")), "a decompression bomb"),
        "packed body cut": _failed(
            says(answer(gzip.compress(page())[:-200], Content_Encoding="gzip")),
            "the packed body ends before its end",
        ),
        "packed wrongly": _failed(
            says(answer(b"not gzip", Content_Encoding="gzip")), "the body cannot be decompressed"
        ),
        "robots forbid": _failed(
            says(cut),
            "does not let",
            "robots",
            answer(b"User-agent: *\nDisallow: /legal/", kind="text/plain"),
        ),
        "robots broken": _failed(
            says(cut),
            "cannot be had (HTTP 500)",
            "robots",
            answer(status="500 Internal Server Error"),
        ),
    }


def _of_redirects() -> dict[str, Fault]:
    inside = {
        "to metadata": "http://169.254.169.254/latest/meta-data/",
        "to a private network": "http://10.0.0.8/",
        "to mapped loopback": "http://[::ffff:127.0.0.1]/",
        "to odd loopback": "http://2130706433/",
    }
    return {
        "in a circle": _failed(moves("/legal/trust"), "redirects in a circle"),
        "without end": _failed(circles, "more than 5 redirects (fetch.max_redirects)"),
        "nowhere": _failed(says(answer(status="302 Found")), "HTTP 302 Found"),
        "to nonsense": _failed(moves("http://["), "redirects to an address that cannot be parsed"),
        "to a file": _failed(moves("file:///etc/passwd"), 'the scheme "file" is not allowed'),
        "with a password": _failed(
            moves("http://user:pw@acme.example/"), "the address holds a user name or password"
        ),
        "to a name of nobody": _failed(
            moves("http://acme.invalid/"), "the name acme.invalid cannot be resolved"
        ),
        "to a closed port": _failed(
            moves("http://127.0.0.1:1/"), "the server refused the connection"
        ),
        **{name: _failed(moves(url), "is not a public address") for name, url in inside.items()},
    }


def _of_status() -> dict[str, Fault]:
    named = (
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "410 Gone",
        "451 Unavailable",
    )
    broken = (
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    )
    return {
        **{status: _status(status) for status in (*named, *broken)},
        "429": _status("429 Too Many Requests", reason="Retry-After 120", Retry_After="120"),
        "503 for a while": _status(
            "503 Service Unavailable",
            reason="Retry-After Wed",
            Retry_After="Wed, 01 Jan 2031 00:00:00 GMT",
        ),
        "403 with a challenge": _status(
            "403 Forbidden", reason="a Cloudflare challenge page", cf_mitigated="challenge"
        ),
        "304 unasked": _status("304 Not Modified"),
    }


def _of_pages() -> dict[str, Fault]:
    few = [name for name, _ in STANDARDS[1:]]
    shown: dict[str, tuple[bytes, str, str]] = {
        "challenge": (
            html("Just a moment...", "<script>window._cf_chl_opt={}</script>"),
            "challenge",
            "a Cloudflare challenge page",
        ),
        "captcha": (
            html("Acme", "<p>Please verify you are human to go on.</p>"),
            "captcha",
            "verify you are human",
        ),
        "consent": (
            html("Before you continue", "<button>Accept all</button>"),
            "consent",
            "a consent page",
        ),
        "login": (html("Sign in to your account", "<input type=email>"), "login", "a sign-in page"),
        "password": (
            html("Acme", "<form><input><input type=password></form>"),
            "login",
            "asks for a password",
        ),
        "soft 404": (
            html("Page not found", "<p>Try the search.</p>"),
            "missing",
            "says that it does not exist",
        ),
        "maintenance": (
            html("Scheduled maintenance", "<p>Back at six.</p>"),
            "maintenance",
            "a maintenance page",
        ),
        "too many with 200": (
            html("Acme", "<h1>Too many requests</h1><p>Slow down.</p>"),
            "refused",
            "too many requests",
        ),
        "other browser": (
            html("Acme", "<h1>Your browser is not supported</h1>"),
            "refused",
            "wants another browser",
        ),
        "parked": (
            html("acme.example", "<p>This domain is for sale.</p>"),
            "missing",
            "a parked domain",
        ),
        "a sign-in's hand-over": (
            html("", "<form><input name='SAMLRequest'></form>"),
            "login",
            "the hand-over of a sign-in",
        ),
        "soft 404 abroad": (
            html("Stránka nenalezena", "<p>Zkuste hledat.</p>"),
            "missing",
            "says that it does not exist",
        ),
        "json called html": (b'{"error": "slow down"}', "unreadable", "the body is JSON"),
        "part left empty": (
            html("Trust", f"<p>{'Words beside it. ' * 200}</p><main> </main>"),
            "selector",
            "matches is empty",
        ),
        "error with 200": (html("Acme", "<h1>Something went wrong</h1>"), "error", "an error page"),
        "shell": (html("Trust", SHELL), "shell", "set browser = true"),
        "empty": (b"", "empty", "the body is empty"),
        "white": (b" \r\n ", "empty", "the body is empty"),
        "markup cut": (page()[:-20], "truncated", "ends before its body does"),
        "a pdf": (PDF, "type", "a PDF, where a page of text is usual"),
        "an image": (b"\x89PNG\r\n\x1a\n" + b"x" * 5000, "unreadable", "an image"),
        "packed twice": (gzip.compress(page()), "unreadable", "compressed data"),
        "binary": (b"\x00\x01" * 4000, "unreadable", "binary data"),
        "german": (
            html("Trust", f"<main><h1>Zertifikate</h1>{GERMAN * 40}</main>"),
            "language",
            "German, where English is usual",
        ),
        "short": (
            html(
                "Trust",
                "<main><h1>Trust</h1><p>Acme Cloud is certified to ISO/IEC 27001:2022.</p></main>",
            ),
            "short",
            "are usual",
        ),
        "other layout": (
            page().replace(b"<main>", b"<div>").replace(b"</main>", b"</div>"),
            "selector",
            'selector "main" matches nothing',
        ),
        "most claims gone": (
            page(*few).replace(b"</main>", b"<p>Words without a claim.</p>" * 300 + b"</main>"),
            "mass-change",
            "would go at once",
        ),
    }
    told = {
        name: _held(says(answer(body)), fault, reason)
        for name, (body, fault, reason) in shown.items()
    }
    front = html(
        "Acme",
        "<main><p>Welcome, dear visitor of Acme, we are glad to see you here today</p></main>",
    )
    return told | {
        "a part of it": _held(
            says(answer(page()[:-900], "206 Partial Content")), "truncated", "HTTP 206"
        ),
        "json": _held(
            says(answer(b'{"error": 1}', kind="application/json")),
            "unreadable",
            "the body is JSON that tells of an error",
        ),
        "deflated wrongly named": _failed(
            says(answer(zlib.compress(page()), Content_Encoding="br")),
            "the body cannot be decompressed",
        ),
        "soft 404 without a word": _failed(
            says(answer(html("Acme", LOST))),
            "the same text for an address that does not exist",
            "missing",
        ),
        "to the front page": _held(
            moves("/", then=answer(front)), "missing", "redirected to the front page"
        ),
        "to the sign-in": _held(
            moves("/sso/start", then=answer(front)), "login", "redirected to a sign-in page"
        ),
    }
