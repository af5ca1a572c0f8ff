"""Keeps everything on this machine: an address other than loopback is refused before anything is sent.

An audit hook sees every connection and every look-up of this process, and nothing can take it off again.
https://docs.python.org/3/library/audit_events.html
"""
import sys

_loopback = {"localhost", "127.0.0.1", "::1"}
_attempts = []


def attempts():
    """Where something wanted to go since the last call."""
    found = sorted(set(_attempts))
    _attempts.clear()
    return found


def _refuse(host):
    _attempts.append(host)
    raise ConnectionRefusedError(f"{host} is not on this machine.")


def _host(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return arguments[0]
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        return address[0] if isinstance(address, tuple) else None
    return None


def _hook(event, arguments):
    host = _host(event, arguments)
    if isinstance(host, bytes):
        host = host.decode("idna")
    if host and host not in _loopback:
        _refuse(host)


def stay_on_this_machine():
    """From now on, for good."""
    sys.addaudithook(_hook)
