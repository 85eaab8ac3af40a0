"""Addresses of services, as people write them and as SDKs take them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.failures import Service


def google_endpoint(url: str, service: Service) -> str:
    """Return an address without a version at its end; what a gateway has before it stays."""
    return re.sub(r"/v1(beta|alpha)?$", "", _address(url, service))


def openai_endpoint(url: str, service: Service) -> str:
    """Return an address up to the version, which is added where there is no path at all."""
    address = re.sub(r"/chat/completions$", "", _address(url, service))
    return address if urlsplit(address).path else f"{address}/v1"


def _address(url: str, service: Service) -> str:
    address = (url if "://" in url else f"https://{url}").strip().rstrip("/")
    try:
        where = urlsplit(address)
        usable = where.scheme in ("http", "https") and bool(where.hostname)
        _ = where.port  # a ValueError, if it is no number
    except ValueError:
        usable = False
    if not usable or where.query or where.fragment:
        # Not quoted: it may hold a login.
        raise ProviderError(
            f"The address of {service.name} is none.",
            hint=f"Set {service.url_setting} to one such as http://127.0.0.1:11434/v1.",
        )
    return address
