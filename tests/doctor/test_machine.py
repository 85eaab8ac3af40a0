"""What answers at PREFECT_API_URL, if anything does."""

from __future__ import annotations

import socket
import threading

import pytest

from ai_data_engineer.doctor import machine


def test_another_protocol_in_the_place_of_prefects_server_is_said(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(1000)
                client.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{listener.getsockname()[1]}/api")

        assert machine.server().state == "broken"
        thread.join()


@pytest.mark.parametrize("url", ["no address", "http://127.0.0.1:1/api"])
def test_a_server_that_is_not_there_is_said(monkeypatch, url):
    monkeypatch.setenv("PREFECT_API_URL", url)

    assert machine.server().state == "broken"
