"""What can be true of an organisation and its projects: who looks after it, how far it is trusted, who may see what."""

from enum import StrEnum


class Standing(StrEnum):
    """How far the entry is trusted. REFUSED and MERGED are out of the directory; DORMANT answers no more."""

    DECLARED = "declared"
    ATTESTED = "attested"
    VERIFIED = "verified"
    REFUSED = "refused"
    DORMANT = "dormant"
    MERGED = "merged"


LISTED = (Standing.DECLARED, Standing.ATTESTED, Standing.VERIFIED, Standing.DORMANT)
"""What the directory shows."""


class Part(StrEnum):
    """What a person is in an organisation. The contact also decides who joins; members change nothing."""

    CONTACT = "contact"
    MANAGER = "manager"
    MEMBER = "member"


EDITORS = (Part.CONTACT, Part.MANAGER)


class Visibility(StrEnum):
    """Who sees contact details: everybody, members of listed organisations, or coordinators only."""

    PUBLIC = "public"
    MEMBERS = "members"
    COORDINATORS = "coordinators"


class ProjectStatus(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


SIZES = ("1-10", "11-50", "51-200", "201-1000", "1000+")
"""Members or volunteers, counted roughly."""
