"""Lay the automations of ``automations.yaml`` into a Prefect server, so that a web hook is told what a person should know.

    python -m flows.automations https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…

The message has the shape that the robots of WeCom and DingTalk take: ``{"msgtype": "text", "text": {"content": …}}``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from prefect.automations import Automation
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client

__all__ = ["apply", "automations"]

BLOCK = "chengshu-notify"
FILE = Path(__file__).with_name("automations.yaml")


def automations(block_id: str) -> list[Automation]:
    """What the file says, with the notification as the action of each."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))["automations"]
    return [_automation(each, block_id) for each in found]


def _automation(said: dict[str, Any], block_id: str) -> Automation:
    action = {
        "type": "send-notification",
        "block_document_id": block_id,
        "subject": said.pop("subject"),
        "body": said.pop("body"),
    }
    return Automation.model_validate({**said, "actions": [action]})


def apply(url: str) -> list[str]:
    """Store the web hook and (again) the automations that tell it; returns their names."""
    message = {"msgtype": "text", "text": {"content": "{{subject}}\n{{body}}"}}
    block = CustomWebhookNotificationBlock(name=BLOCK, url=url, json_data=message, headers=None, cookies=None)
    block_id = str(block.save(BLOCK, overwrite=True))
    wanted = automations(block_id)
    with get_client(sync_client=True) as client:
        for each in wanted:
            for old in client.read_automations_by_name(each.name):
                client.delete_automation(old.id)
    for each in wanted:
        each.create()
    return [each.name for each in wanted]


if __name__ == "__main__":
    if len(sys.argv) != 2 or "://" not in sys.argv[1]:
        sys.exit("usage: python -m flows.automations URL")
    print("automations: " + ", ".join(apply(sys.argv[1])))
