"""A shop in which every service is several processes on one SQLite file: nothing is sold twice, lost or miscounted."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from contracts.examples import example_json
from contracts.users.v2 import NewUser
from prometheus_client.parser import text_string_to_metric_families

from demo.ports import free_ports
from demo.shop import NAMES, Shop, open_shop

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

SETTINGS = {"CONCORD_WORKERS": "2", "CONCORD_PEER_SECONDS": "20", "CONCORD_SHUTDOWN_SECONDS": "10"}
FINAL = ("confirmed", "rejected", "cancelled")


async def sign_in(shop: Shop, http: httpx.AsyncClient) -> dict[str, str]:
    users, new = shop.urls["users"], example_json(NewUser)
    (await http.post(f"{users}/v2/users", json=new)).raise_for_status()
    form = {"grant_type": "password", "username": new["email"], "password": new["password"]}
    token = (await http.post(f"{users}/oauth/token", data=form)).raise_for_status().json()["access_token"]
    return {"authorization": f"Bearer {token}"}


async def settle(http: httpx.AsyncClient, url: str, headers: dict[str, str]) -> str:
    """Read an order until it is final."""
    async with asyncio.timeout(60):
        while (status := (await http.get(url, headers=headers)).json().get("status")) not in FINAL:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return str(status)


def operations_of(log: Path) -> str:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return next(line["url"] for line in lines if line["event"] == "operations_listening")


async def counted(http: httpx.AsyncClient, log: Path, name: str) -> dict[str, float]:
    url = operations_of(log)
    text = (await http.get(f"{url}/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.labels["outcome"]: sample.value for sample in samples if sample.name == name}


async def test_several_workers_sell_what_there_is_and_count_what_they_sold(tmp_path: Path) -> None:
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    async with httpx.AsyncClient(timeout=60) as http, open_shop(tmp_path, ports, http, SETTINGS) as shop:
        await shop.wait_until_ready()
        headers = await sign_in(shop, http)
        products = (await http.get(f"{shop.urls['catalog']}/v2/products?limit=100")).json()["items"]
        on_sale = [one for one in products if one["status"] == "active" and one["stock"]["available"]]
        scarce = min(on_sale, key=lambda one: one["stock"]["available"])
        there = scarce["stock"]["available"]

        async def order(key: int) -> str:
            body = {"lines": [{"product_id": scarce["id"], "quantity": 1}]}
            own = headers | {"idempotency-key": f"k{key}"}
            answer = await http.post(f"{shop.urls['orders']}/v2/orders", json=body, headers=own)
            if answer.status_code == 409:
                return "rejected"
            return await settle(http, f"{shop.urls['orders']}/v2/orders/{answer.json()['id']}", headers)

        outcomes = await asyncio.gather(*(order(key) for key in range(there + 10)))
        left = (await http.get(f"{shop.urls['catalog']}/v2/products/{scarce['id']}")).json()["stock"]["available"]
        orders = await counted(http, tmp_path / "orders.log", "concord_orders_total")
        sold = await counted(http, tmp_path / "catalog.log", "concord_reservations_total")

    assert (outcomes.count("confirmed"), left) == (there, 0)
    assert (orders["confirmed"], orders["rejected"]) == (there, 10)
    assert sold["committed"] == there
