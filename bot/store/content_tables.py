"""The tables of what people come for: resources the bot may state, and the directory of organisations."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, one_of

EMPTY_ARRAY = text("'{}'::text[]")


class OrganisationStatus(StrEnum):
    DECLARED = "declared"
    VERIFIED = "verified"
    REFUSED = "refused"


class ResourceRow(Base):
    """`content` is the resource as people see it; regions, places and themes are folded, to be compared.

    `search` is filled at loading; `digest` tells whether the resource must be loaded again.
    """

    __tablename__ = "resource"
    __table_args__ = (Index("ix_resource_search", "search", postgresql_using="gin"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    places: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    as_of: Mapped[date]
    valid_until: Mapped[date | None]
    closed: Mapped[bool] = mapped_column(server_default=false())
    content: Mapped[dict[str, Any]]
    search: Mapped[Any] = mapped_column(TSVECTOR)
    digest: Mapped[str]


class OrganisationRow(Base):
    __tablename__ = "organisation"
    __table_args__ = (
        one_of("status", OrganisationStatus),
        Index("ix_organisation_folded_name", "folded_name"),
        Index("ix_organisation_status_region", "status", "region"),
        Index("ix_organisation_themes", "themes", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    acronym: Mapped[str | None]
    legal_form: Mapped[str]
    region: Mapped[str]
    place: Mapped[str | None]
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    contact_name: Mapped[str | None]
    contact_role: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    description: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=OrganisationStatus.DECLARED)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OrganisationChangeRow(Base):
    __tablename__ = "organisation_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    field: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    at: Mapped[datetime]
