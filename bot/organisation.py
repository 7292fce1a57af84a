"""What can be true of an organisation and its projects: who looks after it, how far it is trusted, who may see what."""

from enum import StrEnum

REGIONS = ("Djibouti-Ville", "Arta", "Ali Sabieh", "Dikhil", "Obock", "Tadjourah")
"""Of the country, by canonical name."""


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


def may_see_contacts(visibility: str, role: str, *, in_an_organisation: bool, its_own: bool) -> bool:
    """Whether somebody of this role sees telephone, e-mail and the contact's name of an organisation.

    Partners (authorities, donors) see what members see.
    """
    if its_own or role in ("coordinator", "admin") or visibility == Visibility.PUBLIC:
        return True
    return visibility == Visibility.MEMBERS and (in_an_organisation or role == "partner")


CONTACT_FIELDS = ("contact_name", "contact_role", "phone", "email")
"""What `may_see_contacts` is about."""
WANTED = (
    "phone", "contact_visibility", "receipt_number", "description", "capacities", "target_groups", "members_range",
    "addresses", "email", "languages", "connection", "equipment", "receipt_key", "social_pages", "volunteers_range",
    "logo_key", "acronym", "place", "year", "contact_role",
)  # fmt: skip
"""Columns a whole profile has, the most useful first; those every entry has are left out."""
