"""What formats are as languages: how long their texts are, and which patterns take them in or spell them."""

WIDTHS: dict[str, tuple[int, int | None]] = {
    "uuid": (36, 36), "date": (10, 10), "date-time": (20, None), "ipv4": (7, 15), "ipv6": (2, 45),
    "email": (3, 320), "uri": (2, None), "hostname": (1, 253), "time": (9, None), "duration": (3, None),
}  # fmt: skip
_DATE, _TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2})"
WITHIN = {  # a language that takes in all texts of a format, and more
    "uuid": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "date": f"^{_DATE}$", "time": f"^{_TIME}$", "date-time": f"^{_DATE}[Tt ]{_TIME}$",
    "ipv4": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$", "ipv6": "^[0-9a-fA-F:.]+$", "email": ".@.", "uri": r"^[a-zA-Z]\S*$",
    "hostname": r"^[^ /?#@]+$", "duration": "^P[0-9A-Z.]+$",
}  # fmt: skip
REGULAR = {
    "uuid": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "ipv4": r"^(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}$",
}
