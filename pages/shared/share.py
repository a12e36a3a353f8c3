"""A link for others: as text, and as a code for the cameras of telephones. It says so where it would lead them nowhere."""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

import psutil
import streamlit as st

from gan_core.translation import _
from pages.shared import links

_ORIGIN = "origin"  # session state: the server's address as this visitor has corrected it
_FAR = ("192.0.2.1", 9)  # an address that nobody has: asked for the way there, the system names its own end of it; nothing is sent


def panel(page: links.Page, query: Mapping[str, str | int], key: str = "share") -> None:
    """The link to a page of this app with that query. Where the visitor sees this server under an address that no other machine can
    use, the machine's address in its network takes its place; it can be corrected.
    """
    usual = links.root()
    if is_local(usual):
        if only_here():
            st.warning(
                _("This server answers this machine only. To let telephones in, start it with `gan-atelier --address 0.0.0.0`."),
                icon=":material/smartphone:",
            )
        elif (found := own_address()) is not None:
            usual = with_host(usual, found)
    origin = st.text_input(
        _("Address of this server, as telephones see it"), st.session_state.get(_ORIGIN, usual), key=f"{key}-origin", max_chars=100
    )
    if origin != usual:
        st.session_state[_ORIGIN] = origin
    if is_local(origin):
        st.caption(_("This address works on this machine only. Telephones need its name or number in your network, with the same port."))
    elif is_local(links.root()):
        st.caption(_("This is the machine's address in its network. If telephones know it by another one, correct it."))
    link = links.whole(page, query, at=origin)
    st.code(link, language=None, wrap_lines=True)
    st.image(code(link), width=220, alt=_("QR code of {link}").format(link=link))


def is_local(address: str) -> bool:
    """Does this address lead every machine to itself?"""
    host = _host(address)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def with_host(address: str, host: str) -> str:
    """The same address on another host; port and path stay."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{host}{port}"))


def only_here() -> bool:
    """Was the server told to answer this machine alone?"""
    bound = st.get_option("server.address")
    return bool(bound) and is_local(f"//{bound}" if ":" not in bound else f"//[{bound}]")


def own_address() -> str | None:
    """The number of this machine in its network; None where it is in none. Nothing is sent for it."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.connect(_FAR)
        if _usable(found := end.getsockname()[0]):
            return str(found)
    up = {name for name, card in psutil.net_if_stats().items() if card.isup}  # a classroom's network may lead nowhere else
    for name, numbers in psutil.net_if_addrs().items():
        for number in numbers:
            if name in up and number.family == socket.AF_INET and _usable(number.address):
                return number.address
    return None


@lru_cache(maxsize=64)
def code(link: str) -> bytes:
    """The link as a QR code, PNG."""
    import segno

    buffer = io.BytesIO()
    segno.make_qr(link, error="m").save(buffer, kind="png", scale=8, border=4)
    return buffer.getvalue()


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # half an IPv6 number, say
        return ""


def _usable(number: str) -> bool:
    found = ipaddress.ip_address(number)
    return not (found.is_loopback or found.is_link_local or found.is_unspecified)
