"""The ports that a service takes, or says plainly that it cannot."""

import socket

__all__ = ["PortTaken", "listen", "url_of"]


class PortTaken(SystemExit):
    """The service cannot listen where it should; as an exit it prints its message, not a traceback."""


def listen(host: str, port: int, settings: str) -> socket.socket:
    """Take a port, 0 for a free one; raises PortTaken, which names the settings that say another one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as refused:
        reason = str(refused.strerror).partition(" (")[0].lower()
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {reason}. Stop what listens there, or set {settings}."
        ) from None


def url_of(listener: socket.socket) -> str:
    """Say where a listener is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
