#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""refresh_server.py DIR [CERTIFICATE]

Serve the files of DIR/www on a port of 127.0.0.1, which is printed, and misbehave as DIR/mode says
at each request. What was asked for is appended to DIR/requests, a line each.
"""
import email.utils
import hashlib
import http.server
import os
import re
import ssl
import sys
import time

directory = sys.argv[1]


def pieces_of(body):
    for start in range(0, len(body), 64):
        yield body[start:start + 64]
        time.sleep(0.5)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        with open(f"{directory}/mode") as mode:
            mode = mode.read().strip()
        self.note()
        self.close_connection = True
        try:
            self.answer(mode)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def note(self):
        asked = [self.path] + [f"{name}={value}" for name in
                               ("If-None-Match", "If-Modified-Since", "Range", "If-Range")
                               if (value := self.headers[name])]
        with open(f"{directory}/requests", "a") as requests:
            requests.write(" ".join(asked) + "\n")

    def answer(self, mode):
        if mode.isdigit():
            return self.head(int(mode), [("Content-Length", "0")])
        if mode.startswith("to "):
            return self.head(302, [("Location", mode[3:]), ("Content-Length", "0")])
        try:
            with open(f"{directory}/www{self.path}", "rb") as file:
                body, modified = file.read(), os.fstat(file.fileno()).st_mtime
        except FileNotFoundError:
            return self.head(404, [("Content-Length", "0")])
        self.etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        self.modified = email.utils.formatdate(int(modified), usegmt=True)
        return getattr(self, "send_" + mode)(body)

    def head(self, status, headers):
        self.send_response(status)
        for header in headers:
            self.send_header(*header)
        self.send_header("Connection", "close")
        self.end_headers()

    def named(self, *headers):
        return [("ETag", self.etag), ("Last-Modified", self.modified), *headers]

    def rest_from(self, body):
        """Where the client wants to go on, 0: from the start."""
        start = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if not start or self.headers["If-Range"] != self.etag:
            return 0
        return min(int(start[1]), len(body))

    def send_ok(self, body):
        if self.headers["If-None-Match"] == self.etag:
            return self.head(304, self.named())
        start = self.rest_from(body)
        headers = self.named(("Content-Length", str(len(body) - start)))
        if start:
            headers.append(("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}"))
        self.head(206 if start else 200, headers)
        self.wfile.write(body[start:])

    def send_dated(self, body):
        """Knows no ETag."""
        if self.headers["If-Modified-Since"] == self.modified:
            return self.head(304, [])
        self.head(200, [("Last-Modified", self.modified), ("Content-Length", str(len(body)))])
        self.wfile.write(body)

    def send_undated(self, body):
        self.head(200, [("Content-Length", str(len(body)))])
        self.wfile.write(body)

    def send_cut(self, body):
        self.head(200, self.named(("Content-Length", str(len(body)))))
        self.wfile.write(body[:len(body) // 2])

    def send_stall(self, body):
        self.send_cut(body)
        self.wfile.flush()
        self.rfile.read(1)  # until the client gives up

    def send_mute(self, _):
        self.rfile.read(1)

    def send_slow(self, body):
        """Never stalls, never ends in time."""
        self.head(200, self.named(("Content-Length", str(len(body)))))
        for piece in pieces_of(body):
            self.wfile.write(piece)

    def send_long(self, body):
        """Says more than comes."""
        self.head(200, self.named(("Content-Length", str(len(body) + 17))))
        self.wfile.write(body)

    def send_short(self, body):
        """Says less than comes, so that what is taken ends with a line."""
        half = body.index(b"\n", len(body) // 2) + 1
        self.head(200, self.named(("Content-Length", str(half))))
        self.wfile.write(body)

    def send_unsaid(self, body):
        """Ends as if it were whole."""
        self.head(200, self.named())
        self.wfile.write(body[:body.index(b"\n", len(body) // 2) + 1])

    def send_endless(self, body):
        self.head(200, self.named())
        while True:
            self.wfile.write(body)

    def send_huge(self, body):
        self.head(200, self.named(("Content-Length", str(1 << 40))))
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
