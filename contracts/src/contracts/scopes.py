"""What a token may allow its bearer to do."""

from enum import StrEnum

__all__ = ["Scope"]


class Scope(StrEnum):
    """One permission, named `<service>:<deed>`; roles are sets of them, and users hands them out."""

    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    USERS_ADMIN = "users:admin"
    USERS_PEERS = "users:peers"
    CATALOG_REVIEW = "catalog:review"
    CATALOG_ADMIN = "catalog:admin"
    CATALOG_PEERS = "catalog:peers"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ORDERS_ADMIN = "orders:admin"
    ORDERS_PEERS = "orders:peers"
