"""A TCP proxy in front of a server, so that a test can cut or stall its connections."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Listens on a free loopback port and passes everything on to `port`."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._sockets: list[socket.socket] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Nothing that the server says comes through, and no connection breaks."""
        self._flowing.clear()

    def flow(self) -> None:
        """Everything comes through again."""
        self._flowing.set()

    def cut(self) -> None:
        """Break every connection."""
        sockets, self._sockets = self._sockets, []
        for one in sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        """End it."""
        self.flow()
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self.connections += 1
                self._sockets += [client, server]
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, stallable: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if stallable:
                    self._flowing.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
