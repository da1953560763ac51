"""The rules of code: what models, translations and importing programs show, and no document can."""

from contracts.compat.rules import Rule, Told

CODE_RULES = (
    Rule(
        "code.refused",
        "The models refuse what the schemas of both sides allow: a validator, digits, strictness.",
        "Write the rule into the schema of a new version, or refuse by an error code of the service.",
        Told(
            "class NewUser: email: Email",
            "@field_validator('email') refuses a plus",
            '{"email": "a+b@example.com", ...} is refused: NewUser: Value error, no plus, please',
        ),
    ),
    Rule(
        "code.undeclared-refused",
        "The models took what their schema never promised, and refuse it now.",
        "Nothing was promised; tell those who may have sent it.",
        Told(
            "quantity: int",
            "quantity: Annotated[int, Field(strict=True)]",
            '{"quantity": "1", ...} is refused: Input should be a valid integer',
        ),
    ),
    Rule(
        "code.value-changed",
        "The models make something else of the same payload.",
        "Do it in the service, or under another name.",
        Told("email: str", "email: Annotated[str, StringConstraints(to_lower=True)]", '"A@B.DE" became "a@b.de"'),
    ),
    Rule(
        "translation.not-covered",
        "A payload of one version does not arrive in the other through the declared translation.",
        "Mend the rule that the message names, or declare the translation in vN_vM.py.",
        Told(
            "NewUserV1V2.name splits the full name",
            "it gives an empty given name",
            '{"full_name": "Ada", ...} becomes {"name": {"given": "", ...}, ...}, and "" is shorter than 1 character',
        ),
    ),
    Rule(
        "translation.no-successor",
        "Nothing in the next version is declared to follow an operation.",
        "Name it in SUCCESSORS of vN_vM.py, or keep an operation of the name.",
        Told(
            "version 1 has put_user",
            "version 2 has update_user",
            "PUT /v1/users/{user_id} has nothing to be translated to",
        ),
    ),
    Rule(
        "source.module-removed",
        "A module that code may import is gone.",
        "Keep it as long as its version is served.",
        Told("import contracts.users.v1", "it is deleted", "ModuleNotFoundError: No module named 'contracts.users.v1'"),
    ),
    Rule(
        "source.name-removed",
        "A public name is gone.",
        "Keep the old name beside the new one: `Standing = Repute`.",
        Told(
            "class Standing(Response)",
            "class Repute(Response)",
            "from contracts.users.v2 import Standing\nImportError: cannot import name 'Standing'",
        ),
    ),
    Rule(
        "source.kind-changed",
        "A public name stands for another kind of thing.",
        "Give the new thing a new name.",
        Told("def encode(op): ...", "encode = Encoder()", "no program of two lines shows it; type checkers do"),
    ),
    Rule(
        "source.member-removed",
        "A member of an enumeration is gone.",
        "Keep it; a member that is never sent hurts nobody.",
        Told('LOST = "lost"', 'GONE = "lost"', "Reason.LOST\nAttributeError: LOST"),
    ),
    Rule(
        "source.base-removed",
        "An error is no longer caught by the class that caught it.",
        "Keep the base, or make the new error a subclass of both.",
        Told(
            "class EmailTaken(Conflict)",
            "class EmailTaken(BadRequest)",
            "assert issubclass(EmailTaken, Conflict)\nAssertionError",
        ),
    ),
    Rule(
        "source.field-removed",
        "A field of a model is gone.",
        "Keep it as long as its version is served.",
        Told(
            "exported_at: Timestamp",
            "made_at: Timestamp",
            "PersonalData.model_construct(exported_at=None).exported_at\nAttributeError",
        ),
    ),
    Rule(
        "source.field-required",
        "A model that callers make cannot be made as before.",
        "Give the field a default.",
        Told("class NewUser: email: Email", "nick: Line", "assert 'nick' not in NewUser.model_fields\nAssertionError"),
    ),
    Rule(
        "source.type-changed",
        "A field is of another type; type checkers tell who minds.",
        "Keep the type within a version.",
        Told("id: UUID", "id: str", "User.id was a UUID, and is a str now"),
    ),
    Rule(
        "source.operation-removed",
        "An operation of an Api is gone.",
        "Deprecate it with a sunset date first.",
        Told("async def get_people", "async def people", "Users.get_people\nAttributeError: get_people"),
    ),
    Rule(
        "source.argument-removed",
        "A call names an argument that is not taken any more.",
        "Keep the argument's name: it is as public as a path.",
        Told(
            "get_user(self, user_id)",
            "get_user(self, who)",
            "Users(None).get_user(user_id=None)\nTypeError: users v2 get_user takes (who)",
        ),
    ),
    Rule(
        "source.argument-required",
        "A call leaves out an argument that is needed now.",
        "Give the argument a default.",
        Told(
            "list_users(self, limit=20)",
            "list_users(self, limit)",
            "Users(None).list_users()\nTypeError: users v2 list_users takes (limit)",
        ),
    ),
    Rule(
        "source.argument-moved",
        "A call by position means something else.",
        "Add arguments at the end.",
        Told(
            "list_users(self, skip, limit)",
            "list_users(self, limit, skip)",
            "assert [one.name for one in Users.list_users.parameters] == ['skip', 'limit']\nAssertionError",
        ),
    ),
    Rule(
        "source.default-changed",
        "A call that leaves an argument out means something else.",
        "Keep the default, or pass the value.",
        Told("limit = 20", "limit = 50", "Users.list_users took 20 for limit, and takes 50 now"),
    ),
    Rule(
        "source.result-changed",
        "An operation returns another type; type checkers tell who minds.",
        "Keep the type within a version.",
        Told("-> User", "-> Account", "Users.get_user returned User, and returns Account now"),
    ),
)
