"""The app as a running program: database made, first account offered, one thread that hands out the long work."""

from __future__ import annotations

import os
import signal
import socket as sockets

from weness_web.home import VARIABLE, home

THREADS = 8


def listening(host: str, port: int) -> sockets.socket:
    """The socket, taken before anything else is done. Raises OSError in words where it cannot be had."""
    try:
        family, *_, address = sockets.getaddrinfo(host, port, type=sockets.SOCK_STREAM)[0]
        socket = sockets.socket(family, sockets.SOCK_STREAM)
        if os.name != "nt":
            socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        socket.bind(address)
        # Whoever opens the link at once waits until the app is ready, and a second weness is told at once.
        socket.listen(128)
    except OSError as error:
        raise OSError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}). Another weness may be running there: "
            f"name another with --port."
        ) from None
    return socket


def made_ready(address: str) -> str:
    """Makes or brings up to date the database; the link to open: the first account's page while there is no account."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise OSError(
            f"WENESS_DATABASE_URL names no database that can be used here: {str(error).splitlines()[0]}"
        ) from None
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise OSError(f"The database cannot be opened: {str(error).strip().splitlines()[0]}") from None
    call_command("clearsessions")

    from weness_web.invitations import first_invitation
    from weness_web.jobs import taken_back

    taken_back()
    token = first_invitation()
    return f"{address}/welcome/{token}" if token else f"{address}/"


def kept_in() -> str:
    return str(home())


def serve(socket: sockets.socket) -> None:
    """Until Ctrl+C."""
    import waitress

    from weness_web.dispatching import Dispatcher
    from weness_web.wsgi import application

    os.environ[VARIABLE] = str(home())
    dispatcher = Dispatcher()
    dispatcher.start()
    server = waitress.create_server(
        application,
        sockets=[socket],
        threads=THREADS,
        ident=None,
        max_request_body_size=1024**3,
        channel_timeout=300,
    )
    # What stops a service (systemd, docker) ends the running job too, as Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run()
    finally:
        dispatcher.stop()
        server.close()
