"""Every rule by its name."""

from contracts.compat.answer_rules import ANSWER_RULES
from contracts.compat.code_rules import CODE_RULES
from contracts.compat.http_rules import HTTP_RULES
from contracts.compat.limit_rules import LIMIT_RULES
from contracts.compat.schema_rules import SCHEMA_RULES

RULES = {rule.name: rule for rule in (*SCHEMA_RULES, *LIMIT_RULES, *HTTP_RULES, *ANSWER_RULES, *CODE_RULES)}
