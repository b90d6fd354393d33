"""A small IMAP server for tests (RFC 3501, as much as a reader asks for): one user, some folders.

It counts what is done to it, so that a test can see that nothing was changed.
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "cobros", "secreto"


@dataclass
class Folder:
    """mails: uid → content. seen: uids marked as read."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 1


@dataclass
class Box:
    """breaks_at: the uid at which the line is cut. commands: what was asked, without arguments."""

    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder()})
    breaks_at: int | None = None
    commands: list[str] = field(default_factory=list)

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def add(self, content: bytes) -> int:
        uid = max(self.inbox.mails, default=0) + 1
        self.inbox.mails[uid] = content
        return uid


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.box: Box = self.server.box  # type: ignore[attr-defined]
        self.folder, self.readonly = Folder(), True
        self._say("* OK ready")
        while line := self.rfile.readline(100_000):
            tag, _space, rest = line.decode("latin-1").strip().partition(" ")
            command, _space, arguments = rest.partition(" ")
            name = command.upper()
            if name == "UID":
                command, _space, arguments = arguments.partition(" ")
                name = f"UID {command.upper()}"
            self.box.commands.append(name)
            answer = getattr(self, "_" + name.lower().replace(" ", "_"), None)
            if answer is None:
                self._say(f"{tag} BAD unknown command")
            elif answer(tag, arguments):
                return

    def _say(self, text: str, raw: bytes = b"") -> None:
        self.wfile.write(text.encode("latin-1") + raw + b"\r\n")
        self.wfile.flush()

    def _capability(self, tag: str, _arguments: str) -> None:
        self._say("* CAPABILITY IMAP4rev1")
        self._say(f"{tag} OK done")

    def _noop(self, tag: str, _arguments: str) -> None:
        self._say(f"{tag} OK done")

    def _login(self, tag: str, arguments: str) -> None:
        user, password = (each.strip('"') for each in arguments.split(" ", 1))
        known = (user, password) == (USER, PASSWORD)
        self._say(f"{tag} OK done" if known else f"{tag} NO [AUTHENTICATIONFAILED] wrong user or password")

    def _select(self, tag: str, arguments: str, readonly: bool = False) -> None:
        folder = self.box.folders.get(arguments.strip('"'))
        if folder is None:
            self._say(f"{tag} NO no such folder")
            return
        self.folder, self.readonly = folder, readonly
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {folder.validity}] valid")
        self._say(f"{tag} OK [{'READ-ONLY' if readonly else 'READ-WRITE'}]")

    def _examine(self, tag: str, arguments: str) -> None:
        self._select(tag, arguments, readonly=True)

    def _uid_search(self, tag: str, arguments: str) -> None:
        asked = re.search(r"UID (\d+):\*", arguments)
        first = int(asked[1]) if asked else 1
        last = max(self.folder.mails, default=0)
        found = [uid for uid in self.folder.mails if uid >= first or (uid == last and first > last)]
        self._say("* SEARCH " + " ".join(map(str, found)))
        self._say(f"{tag} OK done")

    def _uid_fetch(self, tag: str, arguments: str) -> bool:
        uid = int(arguments.split(maxsplit=1)[0])
        if uid == self.box.breaks_at:
            return True
        content = self.folder.mails.get(uid)
        if content is not None:
            cut = re.search(r"<0\.(\d+)>", arguments)
            part = content[: int(cut[1])] if cut else content
            if "PEEK" not in arguments:
                self.folder.seen.add(uid)
            told = (
                f'* 1 FETCH (UID {uid} RFC822.SIZE {len(content)} INTERNALDATE "18-Nov-2026 10:00:00 +0100"'
            )
            self._say(f"{told} BODY[]<0> {{{len(part)}}}\r\n", part + b")")
        self._say(f"{tag} OK done")
        return False

    def _uid_store(self, tag: str, arguments: str) -> None:
        if self.readonly:
            self._say(f"{tag} NO read-only")
            return
        self.folder.seen.add(int(arguments.split(maxsplit=1)[0]))
        self._say(f"{tag} OK done")

    def _logout(self, tag: str, _arguments: str) -> bool:
        self._say("* BYE")
        self._say(f"{tag} OK done")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def imap_server() -> Iterator[tuple[Box, int]]:
    """A box and the port of this machine at which it answers, without encryption."""
    box = Box()
    with _Server(("127.0.0.1", 0), _Line) as server:
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box, server.server_address[1]
        finally:
            server.shutdown()
