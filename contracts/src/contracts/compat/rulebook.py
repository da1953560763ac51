"""Every rule by its name."""

from contracts.compat.code_rules import CODE_RULES
from contracts.compat.http_rules import HTTP_RULES
from contracts.compat.schema_rules import SCHEMA_RULES

RULES = {rule.name: rule for rule in (*SCHEMA_RULES, *HTTP_RULES, *CODE_RULES)}
