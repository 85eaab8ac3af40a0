"""Whom automations tell what happened."""

from __future__ import annotations

from typing import Literal

from prefect.blocks.notifications import AbstractAppriseNotificationBlock
from pydantic import Field, HttpUrl, SecretStr


class Notifications(AbstractAppriseNotificationBlock):
    """Addresses that are told what happened: Slack, Teams, mail, a webhook or all of them.

    Saved as `notifications`, it is what automations send through. The server sends, so it has to
    have this package installed too; where it has not, save one of Prefect's own blocks, such as
    Slack Webhook, under that name.

    Example:
        Load the stored addresses and send a message:

        ```python
        from blocks.notifications import Notifications

        notifications = Notifications.load("BLOCK_NAME")
        notifications.notify("The disk is nearly full.", subject="Maintenance")
        ```
    """

    _block_type_name = "Notifications"
    _block_type_slug = "notifications"
    _documentation_url = HttpUrl("https://github.com/caronc/apprise/wiki#notification-services")

    urls: list[SecretStr] = Field(
        default_factory=list,
        title="Addresses",
        description="Each as Apprise writes it: slack://TOKEN_A/TOKEN_B/TOKEN_C/#channel, "
        "workflows://HOST/WORKFLOW/SIGNATURE for Teams, "
        "mailtos://USER:PASSWORD@HOST?to=ops@example.com, jsons://HOST/PATH for a webhook. "
        "Empty tells nobody.",
    )
    notify_type: Literal["info", "success", "warning", "failure"] = Field(
        default="info",
        title="Kind",
        description="How the message is marked: info, success, warning or failure.",
    )

    def block_initialization(self) -> None:
        """Make the client; raises ValueError, without the address, for one that it cannot read."""
        from apprise import Apprise  # late: a second, and only who sends needs it

        self._apprise_client = Apprise()
        for number, url in enumerate(self.urls, 1):
            if not self._apprise_client.add(url.get_secret_value()):
                raise ValueError(f"address {number} is none that Apprise reads")
