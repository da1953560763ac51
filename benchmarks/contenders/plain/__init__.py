"""The same shop the plain way: three FastAPI services, SQLAlchemy's async ORM, stock httpx between them.

It takes the steps that ours takes, commits as often, and leaves out what keeps ours right when something breaks:
retries, recovery, deadlines, breakers, translation between versions.
"""
