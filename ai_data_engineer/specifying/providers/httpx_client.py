"""The client that SDKs on httpx2 (google-genai, openai) send through: one exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_data_engineer.specifying.providers.wire import Exchange

if TYPE_CHECKING:
    import httpx2


def httpx_client(exchange: Exchange) -> httpx2.Client:
    """Return a client whose requests all go through the exchange."""
    import httpx2

    class Transport(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            response = exchange.send(
                request.method, str(request.url), request.headers.items(), request.read()
            )
            return httpx2.Response(
                response.status,
                headers=[
                    ("content-type", response.headers.get("content-type", "application/json"))
                ],
                content=response.body,
                request=request,
            )

    # Without the environment: proxies and authorities are the exchange's affair, and a login from
    # .netrc would take the key's place.
    return httpx2.Client(transport=Transport(), trust_env=False, follow_redirects=False)
