# A mail server with STARTTLS and a login for the test beside it: each message it takes is a file in the folder.
# Arguments: port, certificate, key, folder, password
import ssl
import sys
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, certificate, key, folder, password = sys.argv[1:]


class Keep:
    async def handle_DATA(self, server, session, envelope):
        (Path(folder) / f"{time.time_ns()}.eml").write_bytes(envelope.content)
        return "250 taken"


def login(server, session, envelope, mechanism, data):
    if data.password.decode() == password:
        return AuthResult(success=True)
    return AuthResult(success=False, handled=False)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
Controller(
    Keep(),
    hostname="127.0.0.1",
    port=int(port),
    tls_context=context,
    require_starttls=True,
    authenticator=login,
    auth_required=True,
).start()
threading.Event().wait()
