"""The link for others: what it says on this machine, on another, and where no telephone could use it."""

from __future__ import annotations

import io
import socket
from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.shared import links, share

Card = namedtuple("Card", "isup")  # as psutil has it


def drawn() -> None:
    from pages.shared import links, share

    share.panel(links.LAB, {"run": "gan-stable", "step": 300})


def shown(monkeypatch: pytest.MonkeyPatch, here: str, bound: str | None, own: str | None) -> AppTest:
    """The panel of a visitor who sees the server at `here`; the server was told to answer at `bound`, and the machine has this number."""
    option = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: bound if name == "server.address" else option(name))
    monkeypatch.setattr(links, "_here", lambda: here)
    monkeypatch.setattr(share, "own_address", lambda: own)
    app = AppTest.from_function(drawn).run()
    assert not app.exception
    return app


def test_the_link_of_a_machine_that_others_know(monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(monkeypatch, "http://atelier.lan:8501/lab", None, "10.0.0.5")
    assert app.code[0].value == "http://atelier.lan:8501/lab?run=gan-stable&step=300"
    assert not app.caption
    assert not app.warning


def test_on_the_machine_itself_its_number_in_the_network_stands_in_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(monkeypatch, "http://localhost:8501/atelier/lab", "0.0.0.0", "10.0.0.5")
    assert app.code[0].value == "http://10.0.0.5:8501/atelier/lab?run=gan-stable&step=300"
    assert "correct it" in app.caption[0].value
    app.text_input[0].set_value("http://beamer.lan").run()
    assert app.code[0].value == "http://beamer.lan/lab?run=gan-stable&step=300"
    app.text_input[0].set_value("http://127.0.0.1:8501").run()
    assert "this machine only" in app.caption[0].value


@pytest.mark.parametrize("bound", ["127.0.0.1", "localhost", "::1"])
def test_a_server_that_answers_this_machine_only_says_so(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    app = shown(monkeypatch, "http://127.0.0.1:8501/lab", bound, "10.0.0.5")
    assert "--address 0.0.0.0" in app.warning[0].value
    assert "10.0.0.5" not in app.code[0].value


def test_a_machine_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(monkeypatch, "http://127.0.0.1:8501/lab", None, None)
    assert app.code[0].value.startswith("http://127.0.0.1:8501/lab")
    assert "this machine only" in app.caption[0].value


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:8501", True),
        ("http://127.0.0.7/x", True),
        ("http://[::1]:8501", True),
        ("http://[::1", False),
        ("http://192.168.1.4:8501", False),
        ("beamer.lan", False),
        ("", False),
    ],
)
def test_which_addresses_lead_to_oneself(address: str, local: bool) -> None:
    assert share.is_local(address) is local


def test_the_number_of_this_machine_is_found_without_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoWay(socket.socket):
        def connect(self, _: Any) -> None:
            raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "socket", NoWay)
    numbers = {
        "lo": [SimpleNamespace(family=socket.AF_INET, address="127.0.0.1")],
        "old": [SimpleNamespace(family=socket.AF_INET, address="10.9.9.9")],
        "wlan0": [
            SimpleNamespace(family=socket.AF_INET6, address="fe80::1"),
            SimpleNamespace(family=socket.AF_INET, address="192.168.4.2"),
        ],
    }
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: numbers)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: {name: Card(name != "old") for name in numbers})
    assert share.own_address() == "192.168.4.2"
    del numbers["wlan0"]
    assert share.own_address() is None


def test_the_code_is_a_square_picture_of_the_link() -> None:
    image = Image.open(io.BytesIO(share.code("http://10.0.0.5:8501/lab?run=gan-stable")))
    assert image.width == image.height >= 200
    assert share.code("http://10.0.0.5:8501/lab") != share.code("http://10.0.0.6:8501/lab")
